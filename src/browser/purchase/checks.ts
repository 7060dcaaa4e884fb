import type { CollectedAddress } from '../sdk/messages.js';

/** The one code that is refused, so that a wrong code can be rehearsed. */
const REFUSED_CODE = '999999';

/** Returns a one-time code without the blanks that people put into it. */
const bare = (code: string) => code.replace(/[\s-]/g, '');

/** Returns why a one-time code is not taken, and which is; undefined for one that is. */
export function codeProblem(code: string): string | undefined {
  const given = bare(code);
  if (given === REFUSED_CODE) {
    return `${REFUSED_CODE} is wrong on purpose, so that a wrong code can be rehearsed. Type any other six digits.`;
  }
  if (/^\d{6}$/.test(given)) return undefined;
  const length = [...given].length;
  const what = given === '' ? 'No code' : /^\d+$/.test(given) ? `${length} digits` : 'Something else than digits';
  return `${what} given. Type any six digits but ${REFUSED_CODE}.`;
}

/** Returns why a code cannot be sent to phone or e-mail address; undefined when it could. */
export function contactProblem(phone: string, email: string): string | undefined {
  if (phone.trim() !== '' || email.trim() !== '') return undefined;
  return 'Neither phone number nor e-mail address given. Type one of them: any will do, nothing is sent.';
}

/** The fields of a shipping address, in the order of the form. */
export const addressFields = [
  { name: 'given_name', label: 'First name', autocomplete: 'given-name', required: true },
  { name: 'family_name', label: 'Last name', autocomplete: 'family-name', required: true },
  { name: 'street_address', label: 'Street and number', autocomplete: 'address-line1', required: true },
  { name: 'postal_code', label: 'Postal code', autocomplete: 'postal-code', required: true },
  { name: 'city', label: 'City', autocomplete: 'address-level2', required: true },
  { name: 'region', label: 'State or province, if there is one', autocomplete: 'address-level1', required: false },
  { name: 'country', label: 'Country, in two letters', autocomplete: 'country', required: true },
  { name: 'email', label: 'E-mail', autocomplete: 'email', required: true },
  { name: 'phone', label: 'Phone', autocomplete: 'tel', required: true },
] as const;

/** Returns why fields of a shipping address cannot be used, by their names; empty for a complete address. */
export function addressProblems(address: CollectedAddress): Record<string, string> {
  const wrong: Record<string, string> = {};
  for (const { name, label, required } of addressFields) {
    const given = (address[name] ?? '').trim();
    if (required && given === '') wrong[name] = `${label}: nothing given. The shop needs it to send the goods.`;
    else if (name === 'country' && !/^[A-Za-z]{2}$/.test(given)) {
      wrong[name] = `Country: “${given}” given. Type the two letters of ISO 3166, such as SE.`;
    } else if (name === 'email' && !/^[^@\s]+@[^@\s]+$/.test(given)) {
      wrong[name] = `E-mail: “${given}” given. Type an address with one @.`;
    }
  }
  return wrong;
}

/** Returns a shipping address as the answer carries it: trimmed, without what is empty. */
export function collected(address: CollectedAddress): CollectedAddress {
  const given = addressFields.map(({ name }) => [name, (address[name] ?? '').trim()] as const);
  const filled = Object.fromEntries(given.filter(([, value]) => value !== ''));
  return { ...filled, ...(filled.country !== undefined && { country: filled.country.toUpperCase() }) };
}
