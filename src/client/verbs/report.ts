import type { components } from '../../contract/generated/sandbox.js';
import { checkOptions, type OptionTable } from '../check-options.js';
import { control } from '../control.js';
import type { Target } from '../target.js';

/** The report on a shop. */
export type ShopReport = components['schemas']['report'];

/** Options of a report. */
export interface ReportOptions {
  /** Checks to leave out, by id; `@` and a pattern after an id limit that to merchants with such names. */
  off?: readonly string[];
  /** `all` judges the journal of every merchant, each by itself. */
  merchants?: 'all';
}

const OPTIONS: OptionTable<ReportOptions> = { off: 'a list of texts', merchants: ['all'] };

/**
 * Reports on the shop by its exchanges in the journal: violations of the contracts, good practices, coverage.
 * Findings have a `severity` of `violation`, `warning` or `note`.
 */
export type Report = (options?: ReportOptions) => Promise<ShopReport>;

/** Returns the method that reports on the shop of the target's merchant. */
export const reportOn =
  (target: Target): Report =>
  async (options = {}) => {
    checkOptions('report()', options, OPTIONS);
    const { off, merchants } = options;
    return control(target, 'readReport', { query: { off: off?.join(','), merchants } });
  };
