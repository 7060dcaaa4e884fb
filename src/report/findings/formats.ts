import { version } from '../../version.js';
import type { HarnessReport } from '../finding.js';
import type { Formats } from '../formats.js';
import { inOrder } from '../summary.js';
import { renderHtml } from './html.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';
import { renderSarif } from './sarif.js';

/** A report as JSON: all of it, and who made it. */
export function renderJson(report: HarnessReport): string {
  return `${JSON.stringify({ mock_klarna: version, ...report, findings: inOrder(report.findings) }, null, 2)}\n`;
}

/** How a report is written, by the name of its format. */
export const formats: Formats<HarnessReport> = {
  html: renderHtml,
  junit: renderJunit,
  json: renderJson,
  md: renderMarkdown,
  sarif: renderSarif,
};
