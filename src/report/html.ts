import { groupBy } from '../exchange/fields.js';
import { version } from '../version.js';
import {
  byOperation,
  type CellState,
  type Coverage,
  type CoverageCell,
  type CoveredApi,
  type CoveredOperation,
  nameOf,
  neverCalled,
  renderCovered,
  stateOf,
  unusedApis,
  usedApis,
} from './coverage.js';
import {
  type Check,
  type Finding,
  type HarnessReport,
  SEVERITIES,
  type SeenExchange,
  type Severity,
} from './finding.js';
import { Markup, markup } from './markup.js';
import { answerText, requestText } from './message-text.js';
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH } from './page-script.js';
import { isReplay, type ReplayReport, renderTotals } from './replay.js';
import { displayedResult, failuresFirst } from './replay-summary.js';
import { resultWord, scenarioSection, scenarioStyle } from './scenario-section.js';
import { seenFinder } from './seen.js';
import {
  byCheck,
  counted,
  type FindingGroup,
  groupFindings,
  type Judged,
  placesOf,
  renderSeverities,
  summarize,
  whereOf,
  worst,
} from './summary.js';
import { printable, shorten } from './text.js';

/** Colours by meaning; print is always light. */
const light = `--ink:#1d1d24;--soft:#5e5e6b;--paper:#fff;--panel:#f6f6f9;--rule:#d9d9e2;--good:#17663a;--bad:#b3122f;--skip:#7a5600;
--klarna:#f4d6e0;--token:#e2e6ff;--badpanel:#fdecef`;
const dark = `--ink:#ececf2;--soft:#a5a5b5;--paper:#16161b;--panel:#202028;--rule:#3b3b48;--good:#6fd39b;--bad:#ff8296;--skip:#e3bb5a;
--klarna:#553142;--token:#31365f;--badpanel:#3a1f26`;

/**
 * Returns the style of a page that loads nothing.
 * @param own CSS beside that of every page
 */
const pageStyle = (own: string): Markup =>
  new Markup(`:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;margin:0}
h2{font-size:1.15rem;margin:0;overflow-wrap:anywhere}
a{color:inherit}
p{margin:.25rem 0}
.soft,.about{color:var(--soft)}
.passed{color:var(--good)}.failed{color:var(--bad)}.skipped,.warned{color:var(--skip)}
.word{font-weight:600;display:inline-block;min-width:4.2rem}
nav ul{list-style:none;padding:0;columns:2 22rem}
nav li{break-inside:avoid;overflow-wrap:anywhere}
section{border-top:1px solid var(--rule);margin-top:1.5rem;padding-top:1rem}
figure{margin:.75rem 0;overflow-x:auto}
@media(min-width:64rem){figure{width:max-content;min-width:100%;max-width:calc(50vw + 28rem)}}
[hidden]{display:none!important}
form{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center;margin:.75rem 0;padding:.5rem .75rem;background:var(--panel)}
form input[type=search]{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:3px;padding:.15rem .4rem;max-width:100%}
${own}details{border-left:3px solid var(--rule);padding:.1rem 0 .1rem .75rem;margin:.2rem 0}
details.failed{border-color:var(--bad);color:inherit}
summary{cursor:pointer;overflow-wrap:anywhere}
code,pre{font:12px/1.45 ui-monospace,monospace}
pre{background:var(--panel);padding:.5rem .75rem;margin:.25rem 0 .5rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;margin:.25rem 0 .5rem;width:100%}
th,td{border:1px solid var(--rule);padding:.2rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
td{font:12px/1.45 ui-monospace,monospace}
@media print{body{max-width:none;padding:0;font-size:11px}nav,form{display:none}section{break-inside:auto}figure{break-inside:avoid;overflow:visible}
h2,summary{break-after:avoid}details:not([open]){display:none}svg{max-width:100%;height:auto;max-height:24cm}}`);

/** A page in one file that loads nothing; its body has the form that its script asks. */
export interface Page {
  title: string;
  style: Markup;
  body: Markup;
}

/** Renders a page as HTML; its policy lets no script run but its own. */
export function renderPage({ title, style, body }: Page): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';script-src '${new Markup(PAGE_SCRIPT_HASH)}';base-uri 'none';form-action 'none'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${body}<script>${new Markup(PAGE_SCRIPT)}</script>
</body>
</html>
`.text;
}

/** The content of a report's page. */
interface Contents {
  /** The totals, in words. */
  verdict: string;
  failed: boolean;
  about: string | Markup;
  /** The label of the list of links, for screen readers. */
  label: string;
  /** Items of the list of links. */
  links: (Markup | undefined | false)[];
  /** Kind of each item that can be filtered. */
  kinds: readonly string[];
  sections: (Markup | false)[];
  /** CSS beside that of every page. */
  style: string;
}

/**
 * Renders a report as one HTML file that loads nothing: a replay as the scenarios with their sequence diagrams, any
 * other report as findings by severity and check, coverage, and what was not judged.
 */
export function renderHtml(report: HarnessReport): string {
  const { title } = report;
  const { verdict, failed, about, label, links, kinds, sections, style } = isReplay(report)
    ? replayContents(report)
    : findingsContents(report);
  const body = markup`<header>
<h1>${title}: <span class="${failed ? 'failed' : 'passed'}">${verdict}</span></h1>
<p class="soft">${about}</p>
</header>
${renderFind(kinds)}<nav aria-label="${label}"><ul>
${links}</ul></nav>
<main>
${sections}</main>
`;
  return renderPage({ title: `${title}: ${verdict}`, style: pageStyle(style), body });
}

/** Renders the form by which the page is filtered and searched. Without its script it stays hidden. */
function renderFind(kinds: readonly string[]): Markup {
  const counts = groupBy(kinds, (kind) => kind);
  return markup`<form id="find" role="search" hidden>
<label>Search <input type="search" name="words" autocomplete="off"></label>
${[...counts].map(([kind, all]) => markup`<label><input type="checkbox" name="kind" value="${kind}" checked> <span class="${kind}">${kind}</span> ${all.length}</label>\n`)}<output name="shown"></output>
</form>
`;
}

function replayContents({ totals, scenarios: played }: ReplayReport): Contents {
  const scenarios = failuresFirst(played);
  return {
    verdict: renderTotals(totals),
    failed: totals.failed > 0,
    about: markup`mock-klarna ${version}. Times are those of each merchant's clock, in UTC; amounts are in minor units.`,
    label: 'Scenarios',
    links: scenarios.map(
      (scenario, index) =>
        markup`<li data-to="s${index + 1}">${resultWord(scenario)} <a href="#s${index + 1}">${scenario.name}</a></li>\n`,
    ),
    kinds: scenarios.map(displayedResult),
    sections: scenarios.map(scenarioSection),
    style: scenarioStyle,
  };
}

function findingsContents(report: HarnessReport): Contents {
  const { target, findings, exchanges, unjudged, coverage, baseline } = report;
  const checks = byCheck(report);
  const found = checks.filter((judged) => judged.findings.length > 0);
  const clean = checks.filter((judged) => judged.findings.length === 0);
  const groups = found.map((judged): Grouped => ({ ...judged, groups: groupFindings(judged.findings) }));
  const seen = seenFinder(exchanges);
  return {
    verdict: renderSeverities(findings),
    failed: findings.some(({ severity }) => severity === 'violation'),
    about: `${target}. ${summarize(report)}. mock-klarna ${version}.`,
    label: 'Contents',
    links: [
      ...found.map(
        (judged) =>
          markup`<li data-to="${judged.check.id}">${severityWord(worst(judged))} <a href="#${judged.check.id}">${judged.check.id}</a> ${judged.findings.length}</li>\n`,
      ),
      coverage && markup`<li><a href="#coverage">Coverage</a></li>\n`,
      unjudged.length > 0 && markup`<li><a href="#not-judged">Not judged</a> ${unjudged.length}</li>\n`,
    ],
    kinds: SEVERITIES.flatMap((severity) =>
      groups.flatMap((grouped) => grouped.groups.flatMap(([one]) => (one.severity === severity ? [severity] : []))),
    ),
    sections: [
      ...SEVERITIES.map((severity) => renderSeverity(severity, groups, seen)),
      coverage ? renderCoverage(coverage) : false,
      listed(
        'not-judged',
        `Not judged: ${unjudged.length}`,
        unjudged.map(({ what, why }) => [what, why]),
      ),
      listed(
        'fixed',
        `Fixed since the baseline: ${baseline?.fixed.length}`,
        (baseline?.fixed ?? []).map(({ check, message }) => [check, message]),
      ),
      listed(
        'clean',
        `Nothing found by ${counted(clean.length, 'check')}`,
        clean.map(({ check }) => [check.id, check.title]),
      ),
    ],
    style: findingsStyle,
  };
}

const findingsStyle = `h3{font-size:1rem;margin:1rem 0 0;overflow-wrap:anywhere;break-after:avoid}
.violation{color:var(--bad)}.warning{color:var(--skip)}.note{color:var(--soft)}
.findings{list-style:none;padding:0;margin:.5rem 0}
.findings li{border-left:3px solid var(--rule);padding:.1rem 0 .1rem .75rem;margin:.4rem 0;break-inside:avoid;overflow-wrap:anywhere}
.findings li.violation{border-color:var(--bad);color:inherit}.findings li.warning{border-color:var(--skip);color:inherit}
.findings li.note{color:inherit}
.word{min-width:5rem}.plain td{font:inherit;overflow-wrap:break-word}.plain th[scope=rowgroup]{background:var(--panel)}
tbody{break-inside:auto}tr{break-inside:avoid}
.state{white-space:nowrap}
@media(max-width:40rem){.plain td{overflow-wrap:anywhere}.state{white-space:normal}}
@media(min-width:50rem){.plain td:nth-child(3){min-width:14rem}}
`;

/** The most places that one finding names; the JSON report has them all. */
const MOST_PLACES = 20;

const HEADINGS: Readonly<Record<Severity, string>> = { violation: 'Violations', warning: 'Warnings', note: 'Notes' };

const severityWord = (severity: Severity): Markup => markup`<span class="word ${severity}">${severity}</span>`;

/** A check with its findings, those that differ in nothing but the place together. */
interface Grouped extends Judged {
  groups: FindingGroup[];
}

/** Returns the exchanges of a finding. */
type Seen = ReturnType<typeof seenFinder>;

function renderSeverity(severity: Severity, found: readonly Grouped[], seen: Seen): Markup | false {
  const own = found.filter((judged) => worst(judged) === severity);
  if (own.length === 0) return false;
  return markup`<section data-group="${severity}">
<h2 class="${severity}">${HEADINGS[severity]}</h2>
${own.map((grouped) => renderCheck(grouped, seen))}</section>
`;
}

function renderCheck({ check, findings, groups }: Grouped, seen: Seen): Markup {
  const { id, title, reason, evidence, source } = check;
  return markup`<div id="${id}" data-group="${id} ${title}">
<h3>${title}</h3>
<p class="about">${[id, evidence && `evidence: ${evidence}`, source].filter(Boolean).join(' · ')}</p>
${reason !== undefined && markup`<p>${reason}</p>\n`}<ul class="findings">
${groups.map((same) => renderFinding(same, check, worst({ check, findings }), seen))}</ul>
</div>
`;
}

/** @param group the severity under which its check stands */
function renderFinding(findings: FindingGroup, check: Check, group: Severity, seen: Seen): Markup {
  const [found] = findings;
  const { severity, operation, path, evidence, source } = found;
  // The evidence of the check is above already.
  const why =
    evidence !== undefined &&
    evidence !== check.evidence &&
    [`evidence: ${evidence}`, source].filter(Boolean).join(', ');
  return markup`<li class="${severity}" data-kind="${severity}"><p class="about">${[severity !== group && severity, operation, placesOf(findings, MOST_PLACES), path, why].filter(Boolean).join(' · ')}</p>
<p>${found.message}</p>
${compared(found)}${findings.flatMap((one) => seen(one).map(renderSeen))}</li>
`;
}

/** Renders an exchange, folded. */
function renderSeen({ where, side, method, path, request, status, response }: SeenExchange): Markup {
  const place = [whereOf(where), side].filter(Boolean).join(', ');
  const answered = status === 0 ? 'no answer' : String(status);
  return markup`<details><summary>${place} <code>${method} ${path}  ${answered}</code></summary>
<pre>${requestText({ method, path, ...request })}</pre>
<pre>${answerText({ status, ...response })}</pre>
</details>
`;
}

/** Renders the expected and the actual value, where they are known. */
function compared({ expected, got }: Finding): Markup | false {
  const sides = Object.entries({ expected, got }).filter(([, value]) => value !== undefined);
  if (sides.length === 0) return false;
  return markup`<p>${sides.map(([name, value], index) => markup`${index > 0 && ', '}${name} <code>${printable(shorten(value, 400))}</code>`)}</p>\n`;
}

/** Renders a section with a list of pairs; false when there are none. */
function listed(id: string, title: string, pairs: readonly (readonly [string, string])[]): Markup | false {
  if (pairs.length === 0) return false;
  return markup`<section id="${id}">
<h2>${title}</h2>
<ul>
${pairs.map(([name, text]) => markup`<li><code>${name}</code> ${text}</li>\n`)}</ul>
</section>
`;
}

/** The class of each state, which gives its colour. */
const CLASSES: Readonly<Record<CellState, string>> = { met: 'passed', 'does not count': 'skipped', 'not met': 'soft' };

/** Renders the coverage as a section: every answer of every operation that was called, and what would lead to the others. */
function renderCoverage(coverage: Coverage): Markup {
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
  const unused = neverCalled(coverage).filter((entry) => entry.api === api.name);
  return markup`<h3>${renderCovered([api])}</h3>
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
