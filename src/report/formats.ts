import { version } from '../version.js';
import type { HarnessReport } from './finding.js';
import type { Format } from './format-names.js';
import { renderHtml } from './html.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';
import { renderSarif } from './sarif.js';
import { inOrder } from './summary.js';

/** Renders a report as JSON: all of it, with the version of mock-klarna. */
export function renderJson(report: HarnessReport): string {
  return `${JSON.stringify({ mock_klarna: version, ...report, findings: inOrder(report.findings) }, null, 2)}\n`;
}

/** The renderers of a report, by the name of the format. */
export const formats: Readonly<Record<Format, (report: HarnessReport) => string>> = {
  html: renderHtml,
  junit: renderJunit,
  json: renderJson,
  md: renderMarkdown,
  sarif: renderSarif,
};
