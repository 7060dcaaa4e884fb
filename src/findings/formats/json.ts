import { version } from '../../version.js';
import type { HarnessReport } from '../finding.js';
import { inOrder } from '../summary.js';

/** A report as JSON: all of it, and who made it. */
export function renderJson(report: HarnessReport): string {
  return `${JSON.stringify({ mock_klarna: version, ...report, findings: inOrder(report.findings) }, null, 2)}\n`;
}
