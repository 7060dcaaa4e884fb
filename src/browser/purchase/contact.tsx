import { Field } from '../design/field.js';
import type { Flow } from './flow.js';

/** Asks where the one-time code would go. The ids are those of Klarna's page. */
export function Contact({ flow }: { flow: Flow }) {
  const { phone, email, contactWrong } = flow;
  return (
    <fieldset class="choices contact" id="collectPhonePurchaseFlow">
      <legend>Where the one-time code would go</legend>
      <div class="pair">
        <Field
          id="phone"
          label="Phone"
          type="tel"
          name="phone"
          autocomplete="tel"
          data-testid="kaf-field"
          wrong={contactWrong.value}
          value={phone.value}
          onInput={({ currentTarget }) => {
            phone.value = currentTarget.value;
          }}
        />
        <Field
          id="email_or_phone"
          label="or e-mail"
          type="text"
          inputMode="email"
          name="email"
          autocomplete="email"
          value={email.value}
          onInput={({ currentTarget }) => {
            email.value = currentTarget.value;
          }}
        />
      </div>
      <p class="soft small">Any will do: nothing is sent, and the purchase stays as it is.</p>
    </fieldset>
  );
}
