import { version } from '../../version.js';
import {
  byOperation,
  type CellState,
  type Coverage,
  type CoverageCell,
  type CoveredApi,
  type CoveredOperation,
  nameOf,
  neverCalled,
  stateOf,
  tellCovered,
  unusedApis,
  usedApis,
} from '../coverage.js';
import { type Check, type Finding, type HarnessReport, SEVERITIES, type Severity } from '../finding.js';
import { type Markup, markup } from '../markup.js';
import { pageStyle, renderPage } from '../page.js';
import { type Alike, alike, byCheck, counted, type Judged, placesOf, severely, summarize, worst } from '../summary.js';
import { printable, shorten } from '../text.js';

/** The colour of each state; the word says it as well. */
const CLASSES: Readonly<Record<CellState, string>> = { met: 'passed', 'does not count': 'skipped', 'not met': 'soft' };

/** The coverage as a section: every answer of every operation that was called, and what would lead to the others. */
export function renderCoverage(coverage: Coverage): Markup {
  const used = usedApis(coverage);
  const others = unusedApis(coverage);
  return markup`<section id="coverage">
<h2>Coverage${used.length === 0 && ': 0 % covered'}</h2>
${used.map((api) => renderApi(coverage, api))}${
  others.length > 0 && markup`<p>Never used: ${others.join(', ')}.</p>\n`
}</section>
`;
}

function renderApi(coverage: Coverage, api: CoveredApi): Markup {
  const unused = neverCalled(coverage).filter((one) => one.api === api.name);
  return markup`<h3>${tellCovered([api])}</h3>
<p>${api.counting} of ${api.cells} answers of the operations that were called are met.</p>
${renderTable(byOperation(coverage, api))}${
  unused.length > 0 &&
  markup`<p>Never called, and no part of the percentage:</p>
<ul>
${unused.map(({ operation, reach }) => markup`<li><code>${operation}</code>${reach && markup` <span class="soft">by ${reach}</span>`}</li>\n`)}</ul>
`
}`;
}

const renderTable = (operations: CoveredOperation[]): Markup => markup`<table class="plain">
<thead><tr><th scope="col">answer</th><th scope="col">met</th><th scope="col">why</th><th scope="col">scenario</th></tr></thead>
${operations.map(renderOperation)}</table>
`;

const renderOperation = ({ operation, cells, counting }: CoveredOperation): Markup => markup`<tbody>
<tr><th scope="rowgroup" colspan="4">${operation}: ${counting} of ${cells.length}</th></tr>
${cells.map(renderCell)}</tbody>
`;

function renderCell(cell: CoverageCell): Markup {
  const state = stateOf(cell);
  const times = cell.met > 1 && ` × ${cell.met}`;
  return markup`<tr><td>${nameOf(cell)}</td><td class="state ${CLASSES[state]}">${state}${times}</td><td>${cell.why}</td><td>${cell.reach}</td></tr>\n`;
}

const style = pageStyle(`h3{font-size:1rem;margin:1rem 0 0;overflow-wrap:anywhere;break-after:avoid}
.violation{color:var(--bad)}.warning{color:var(--skip)}.note{color:var(--soft)}
.findings{list-style:none;padding:0;margin:.5rem 0}
.findings li{border-left:3px solid var(--rule);padding:.1rem 0 .1rem .75rem;margin:.4rem 0;break-inside:avoid;overflow-wrap:anywhere}
.findings li.violation{border-color:var(--bad);color:inherit}.findings li.warning{border-color:var(--skip);color:inherit}
.findings li.note{color:inherit}
.word{min-width:5rem}.plain td{font:inherit;overflow-wrap:break-word}.plain th[scope=rowgroup]{background:var(--panel)}
tbody{break-inside:auto}tr{break-inside:avoid}
.state{white-space:nowrap}
@media(min-width:50rem){.plain td:nth-child(3){min-width:14rem}}
`);

/** So many places of the same finding are told; the JSON report has them all. */
const MOST_PLACES = 20;

const HEADINGS: Readonly<Record<Severity, string>> = { violation: 'Violations', warning: 'Warnings', note: 'Notes' };

/** A report as one HTML file that loads nothing: findings by severity and check, coverage, and what was not judged. */
export function renderHtml(report: HarnessReport): string {
  const { title, target, findings, unjudged, coverage, baseline } = report;
  const checks = byCheck(report);
  const found = checks.filter((judged) => judged.findings.length > 0);
  const clean = checks.filter((judged) => judged.findings.length === 0);
  const told = severely(findings);
  const bad = findings.some(({ severity }) => severity === 'violation');
  const body = markup`<h1>${title}: <span class="${bad ? 'failed' : 'passed'}">${told}</span></h1>
<p class="soft">${target}. ${summarize(report)}. mock-klarna ${version}.</p>
<nav aria-label="Contents"><ul>
${found.map((judged) => markup`<li>${word(worst(judged))} <a href="#${judged.check.id}">${judged.check.id}</a> ${judged.findings.length}</li>\n`)}${
  coverage && markup`<li><a href="#coverage">Coverage</a></li>\n`
}${unjudged.length > 0 && markup`<li><a href="#not-judged">Not judged</a> ${unjudged.length}</li>\n`}</ul></nav>
<main>
${SEVERITIES.map((severity) => renderSeverity(severity, found))}${coverage && renderCoverage(coverage)}${listed(
  'not-judged',
  `Not judged: ${unjudged.length}`,
  unjudged.map(({ what, why }) => [what, why]),
)}${listed(
  'fixed',
  `Fixed since the baseline: ${baseline?.fixed.length}`,
  (baseline?.fixed ?? []).map(({ check, message }) => [check, message]),
)}${listed(
  'clean',
  `Nothing found by ${counted(clean.length, 'check')}`,
  clean.map(({ check }) => [check.id, check.title]),
)}</main>
`;
  return renderPage({ title: `${title}: ${told}`, style, body });
}

const word = (severity: Severity): Markup => markup`<span class="word ${severity}">${severity}</span>`;

function renderSeverity(severity: Severity, found: readonly Judged[]): Markup | false {
  const own = found.filter((judged) => worst(judged) === severity);
  if (own.length === 0) return false;
  return markup`<section>
<h2 class="${severity}">${HEADINGS[severity]}</h2>
${own.map(renderCheck)}</section>
`;
}

function renderCheck({ check, findings }: Judged): Markup {
  const { id, title, reason, evidence, source } = check;
  return markup`<h3 id="${id}">${title}</h3>
<p class="about">${[id, evidence && `evidence: ${evidence}`, source].filter(Boolean).join(' · ')}</p>
${reason !== undefined && markup`<p>${reason}</p>\n`}<ul class="findings">
${alike(findings).map((same) => renderFinding(same, check, worst({ check, findings })))}</ul>
`;
}

/** @param group the severity under which its check stands */
function renderFinding(findings: Alike, check: Check, group: Severity): Markup {
  const [found] = findings;
  const { severity, operation, path, evidence, source } = found;
  // What the check says of itself already stands above.
  const why =
    evidence !== undefined &&
    evidence !== check.evidence &&
    [`evidence: ${evidence}`, source].filter(Boolean).join(', ');
  return markup`<li class="${severity}"><p class="about">${[severity !== group && severity, operation, placesOf(findings, MOST_PLACES), path, why].filter(Boolean).join(' · ')}</p>
<p>${found.message}</p>
${compared(found)}</li>
`;
}

/** What was expected and what there was, where that is known. */
function compared({ expected, got }: Finding): Markup | false {
  const sides = Object.entries({ expected, got }).filter(([, value]) => value !== undefined);
  if (sides.length === 0) return false;
  return markup`<p>${sides.map(([name, value], index) => markup`${index > 0 && ', '}${name} <code>${printable(shorten(value, 400))}</code>`)}</p>\n`;
}

/** A section with a list of pairs; nothing when there are none. */
function listed(id: string, title: string, pairs: readonly (readonly [string, string])[]): Markup | false {
  if (pairs.length === 0) return false;
  return markup`<section id="${id}">
<h2>${title}</h2>
<ul>
${pairs.map(([name, text]) => markup`<li><code>${name}</code> ${text}</li>\n`)}</ul>
</section>
`;
}
