import { useId, useState } from 'preact/hooks';
import { Button } from '../design/button.js';
import { lookAt, merchant, merchants } from './state.js';

/** Names the merchant that the page looks at, and changes it: to one that has called, or to any by its name. */
export function MerchantChoice() {
  const id = useId();
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const names = merchants.value.map(({ merchant }) => merchant);
  const change = (event: Event) => {
    event.preventDefault();
    const name = typed?.trim();
    if (name) lookAt(name);
    setTyped(undefined);
  };
  return (
    <form class="merchant row" onSubmit={change}>
      <label for={id}>Merchant</label>
      <input
        class="input"
        id={id}
        list={`${id}-known`}
        value={typed ?? merchant.value}
        maxLength={255}
        autocomplete="off"
        spellcheck={false}
        onFocus={(event) => event.currentTarget.select()}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <datalist id={`${id}-known`}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {typed !== undefined && typed.trim() !== merchant.value && <Button type="submit">Look</Button>}
    </form>
  );
}
