import { Field } from '../design/field.js';
import { addressFields } from './checks.js';
import type { Flow } from './flow.js';

/** Asks for the shipping address that the shop wants collected. */
export function AddressForm({ flow }: { flow: Flow }) {
  const { address, addressWrong } = flow;
  return (
    <fieldset class="choices" id="shipping-address">
      <legend>Where it is sent</legend>
      <div class="pair">
        {addressFields.map(({ name, label, autocomplete, required }) => (
          <Field
            key={name}
            id={`shipping-${name}`}
            label={label}
            name={name}
            autocomplete={`shipping ${autocomplete}`}
            aria-required={required}
            wrong={addressWrong.value[name]}
            value={address.value[name] ?? ''}
            onInput={({ currentTarget }) => {
              address.value = { ...address.value, [name]: currentTarget.value };
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
