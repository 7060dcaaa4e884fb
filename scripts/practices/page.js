/** The page of the checks, from what a report lists of them. */
import { code, table } from '../fidelity/markdown.js';

/**
 * The sections of the page: what the ids begin with, in words.
 * @type {[string, string, string][]}
 */
const SECTIONS = [
  [
    'practice/',
    'What a careful shop does',
    'Klarna’s go-live checklist, as far as a machine can see it from outside: from the requests a shop sends, from its answers to callbacks, and from the merchant’s clock.',
  ],
  [
    'contract/',
    'What the contracts say',
    'Each request is held against the contract of its operation, nested fields included. The evidence is that of the rule or of the leniency, and stands with each finding.',
  ],
];

const row = ({ id, severity, title, reason, evidence, source }) => [
  code(id),
  `**${title}** ${reason}`,
  severity,
  evidence ? `${evidence}: ${source}` : '',
];

function section(checks, [prefix, title, text]) {
  const rows = checks.filter(({ id }) => id.startsWith(prefix)).map(row);
  return `## ${title}\n\n${text}\n\n${table(['Id', 'What, and why', 'Severity', 'Evidence'], rows)}\n`;
}

export function practicesPage(checks) {
  return `<!-- Written by npm run practices-page from src/shop. Edit that. -->

# What a shop is judged by

${checks.length} checks look at every exchange that the journal has with Klarna's APIs. [report.md](../guides/report.md) says how to ask for them. A
check is left out by its id, or by the part of it behind the slash: \`--off word-case\`, \`GET /sandbox/v1/report?off=word-case\`. [Requests and merchants](../guides/report.md#what-is-left-out) that are wrong
on purpose are left out as well.

A **violation** is refused by Klarna, says something that Klarna does not hear, or loses money. A **warning** goes well until
something else goes wrong. A **note** is worth knowing.

${SECTIONS.map((each) => section(checks, each)).join('\n')}`;
}
