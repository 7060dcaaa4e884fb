import { version } from '../version.js';
import type { HarnessReport } from './finding.js';
import type { Format } from './format-names.js';
import { renderHtml } from './html.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';
import { type PlaceInSource, renderSarif } from './sarif.js';
import { inOrder } from './summary.js';

/** Renders a report as JSON: all of it, with the version of mock-klarna. */
export function renderJson(report: HarnessReport): string {
  return `${JSON.stringify({ mock_klarna: version, ...report, findings: inOrder(report.findings) }, null, 2)}\n`;
}

/** Renders a report; `placeOf` gives the lines of findings in a repository, for formats that need one of each. */
type Render = (report: HarnessReport, placeOf?: PlaceInSource) => string;

/** The renderers of a report, by the name of the format. */
export const formats: Readonly<Record<Format, Render>> = {
  html: renderHtml,
  junit: renderJunit,
  json: renderJson,
  md: renderMarkdown,
  sarif: renderSarif,
};
