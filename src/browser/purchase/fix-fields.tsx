import { useState } from 'preact/hooks';
import { Button } from '../design/button.js';
import type { Flow } from './flow.js';
import { StepHeading } from './step-heading.js';

const addressParts = [
  'given_name',
  'family_name',
  'email',
  'phone',
  'street_address',
  'postal_code',
  'city',
  'region',
  'country',
];

/** The fields that Klarna may want corrected, in groups. */
const groups = [
  { title: 'Billing address', fields: addressParts.map((part) => `billing_address.${part}`) },
  { title: 'Shipping address', fields: addressParts.map((part) => `shipping_address.${part}`) },
  { title: 'Customer', fields: ['customer.date_of_birth', 'customer.national_identification_number'] },
];

const lastPart = (field: string) => field.slice(field.indexOf('.') + 1).replaceAll('_', ' ');

/** Lets whoever tests choose the fields that the shop is told to have corrected. */
export function FixFields({ flow }: { flow: Flow }) {
  const [chosen, setChosen] = useState<readonly string[]>(['billing_address.email']);
  const turn = (field: string) =>
    setChosen(chosen.includes(field) ? chosen.filter((other) => other !== field) : [...chosen, field]);
  const none = chosen.length === 0;
  return (
    <form
      aria-labelledby="fix"
      onSubmit={(event) => {
        event.preventDefault();
        if (!none) void flow.decide('fix', chosen);
      }}
    >
      <StepHeading>
        <span id="fix">Fields to be corrected</span>
      </StepHeading>
      <p class="soft">The shop gets them as error.invalid_fields, and the shopper may try again.</p>
      {groups.map(({ title, fields }) => (
        <fieldset class="choices fields" key={title}>
          <legend>{title}</legend>
          {fields.map((field) => (
            <label key={field}>
              <input type="checkbox" name={field} checked={chosen.includes(field)} onChange={() => turn(field)} />
              {lastPart(field)}
            </label>
          ))}
        </fieldset>
      ))}
      {none && (
        <p class="wrong" role="alert">
          No field chosen. Choose at least one.
        </p>
      )}
      <div class="row decide">
        <Button look="primary" type="submit" disabled={flow.busy.value || none}>
          Have them corrected
        </Button>
        <Button onClick={() => flow.review()} disabled={flow.busy.value}>
          Back
        </Button>
      </div>
    </form>
  );
}
