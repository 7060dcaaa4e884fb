import { digits, table } from '../bench/page/markdown.js';
import { isKept } from './figures.js';

const whole = digits(0);
const tenth = digits(1);

const amount = (value, unit) => (unit === '' ? whole(value) : `${(unit === 'ms' ? tenth : whole)(value)} ${unit}`);

/** Writes the figures of all trials as one table; the name of a trial stands in its first row. */
export function tableOf(results) {
  const rows = results.flatMap(({ name, figures }) =>
    figures.map((figure, at) => {
      const { what, value, unit, allowed } = figure;
      const verdict = allowed === undefined ? '' : isKept(figure) ? 'kept' : '**broken**';
      const most = allowed === undefined ? '' : allowed === 0 ? 'none' : `at most ${amount(allowed, unit)}`;
      return [at === 0 ? name : '', what, amount(value, unit), most, verdict];
    }),
  );
  return table(['trial', 'figure', 'measured', 'allowed', ''], rows);
}

/** Returns what went wrong, in a line each. */
export const mistakesOf = (results) =>
  results.flatMap(({ name, figures }) =>
    figures
      .filter((figure) => !isKept(figure))
      .flatMap(({ what, value, unit, examples = [] }) => {
        const rest = value - examples.length;
        const lines = examples.map((example) => `${name}: ${what}: ${example}`);
        if (examples.length === 0) return [`${name}: ${what}: ${amount(value, unit)}`];
        return rest > 0 ? [...lines, `${name}: ${what}: and ${whole(rest)} more`] : lines;
      }),
  );
