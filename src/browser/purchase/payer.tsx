import type { Person } from './purchase.js';
import { Said } from './said.js';

/** Shows who pays. */
export function Payer({ person }: { person: Person }) {
  const { given_name, family_name, street_address, postal_code, city, region, country } = person;
  const lines = [[given_name, family_name], [street_address], [postal_code, city], [region, country]];
  const said = lines.map((words) => words.filter((word) => word).join(' ')).filter((line) => line !== '');
  return (
    <section class="payer" aria-labelledby="payer">
      <h2 id="payer">Who pays</h2>
      <address>
        {said.map((line) => (
          <span key={line}>
            <Said>{line}</Said>
          </span>
        ))}
      </address>
    </section>
  );
}
