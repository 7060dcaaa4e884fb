import { type Markup, markup } from '../../render/markup.js';
import { byOperation, type CellState, type CoveredOperation, nameOf, stateOf } from '../cells.js';
import {
  type Coverage,
  type CoverageCell,
  type CoveredApi,
  neverCalled,
  tellCovered,
  unusedApis,
  usedApis,
} from '../coverage.js';

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
