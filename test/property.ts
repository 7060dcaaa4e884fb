import fc from 'fast-check';
import type { Test } from './tap.js';

/**
 * A property holds; if not, the smallest counterexample is told, with the seed and the path that repeat it. What it
 * asserts must throw or return `false`: an assertion of tap does neither, and nothing would shrink.
 */
export function holds<Values>(t: Test, property: fc.IProperty<Values>, parameters?: fc.Parameters<Values>): void {
  report(t, fc.check(property, parameters));
}

/** The same for a property that takes its time. */
export async function holdsLater<Values>(
  t: Test,
  property: fc.IAsyncProperty<Values>,
  parameters?: fc.Parameters<Values>,
): Promise<void> {
  report(t, await fc.check(property, parameters));
}

function report<Values>(t: Test, details: fc.RunDetails<Values>): void {
  const { failed, numRuns, errorInstance } = details;
  const counterexample = failed ? `${fc.defaultReportMessage(details)}\n${errorInstance ?? ''}` : undefined;
  t.equal(counterexample, undefined, `holds in ${numRuns} cases`);
}
