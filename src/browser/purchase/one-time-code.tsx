import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../design/button.js';
import { Field } from '../design/field.js';
import type { Flow } from './flow.js';
import { Said } from './said.js';
import { TokenizesSentence } from './tokenizes-sentence.js';

/** Asks for the one-time code. The ids are those of Klarna's page. */
export function OneTimeCode({ flow }: { flow: Flow }) {
  const [code, setCode] = useState('');
  const form = useRef<HTMLFormElement>(null);
  const focusCode = () => form.current?.querySelector<HTMLInputElement>('#otp_field')?.focus();
  useEffect(focusCode, []);
  const verify = async () => {
    await flow.verify(code);
    if (flow.codeWrong.peek() !== undefined) focusCode();
  };
  return (
    <form
      ref={form}
      id="phoneOtp"
      aria-labelledby="code"
      onSubmit={(event) => {
        event.preventDefault();
        void verify();
      }}
    >
      <h2 id="code">One-time code</h2>
      <p>
        A shopper would now get a code at <Said>{flow.phone.value.trim() || flow.email.value.trim()}</Said>. Here none
        is sent.
      </p>
      <Field
        id="otp_field"
        label="Code"
        hint="Any six digits but 999999, which is refused."
        inputMode="numeric"
        autocomplete="one-time-code"
        data-testid="kaf-field"
        wrong={flow.codeWrong.value}
        value={code}
        onInput={({ currentTarget }) => setCode(currentTarget.value)}
      />
      <TokenizesSentence flow={flow} />
      <div class="row decide">
        <Button id="onContinue" data-testid="confirm-and-pay" look="primary" type="submit" disabled={flow.busy.value}>
          Continue
        </Button>
        <Button onClick={() => flow.review()} disabled={flow.busy.value}>
          Back
        </Button>
      </div>
    </form>
  );
}
