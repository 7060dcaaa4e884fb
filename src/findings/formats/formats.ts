import type { Formats } from '../../render/formats.js';
import type { HarnessReport } from '../finding.js';
import { renderHtml } from './html.js';
import { renderJson } from './json.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';
import { renderSarif } from './sarif.js';

/** How a report is written, by the name of its format. */
export const formats: Formats<HarnessReport> = {
  html: renderHtml,
  junit: renderJunit,
  json: renderJson,
  md: renderMarkdown,
  sarif: renderSarif,
};
