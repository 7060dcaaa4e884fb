import type { Formats } from '../../report/formats.js';
import { renderHtml } from './html.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';
import type { Report } from './report.js';

/** How a report is written, by the name of its format. */
export const formats: Formats<Report> = {
  html: renderHtml,
  junit: renderJunit,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  md: renderMarkdown,
};
