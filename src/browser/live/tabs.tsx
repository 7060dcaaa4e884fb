import { VIEWS, type View, writeRoute } from './route.js';
import { attempts, purchases, route, scenario, shownJournal } from './state.js';

const names: Readonly<Record<View, string>> = {
  journal: 'Journal',
  purchases: 'Purchases',
  callbacks: 'Callbacks',
  clock: 'Clock',
  scenario: 'Scenario',
  report: 'Report',
};

/** Returns the number that stands beside a tab; undefined for none. */
function countOf(view: View): number | undefined {
  if (view === 'journal') return shownJournal.value.journal.size;
  if (view === 'purchases') return purchases.value.length;
  if (view === 'callbacks') return attempts.value.length;
  return view === 'scenario' && scenario.value.name !== undefined ? 1 : undefined;
}

/** Draws the way to each view. */
export function Tabs() {
  return (
    <nav class="tabs" aria-label="Views">
      {VIEWS.map((view) => {
        const count = countOf(view);
        return (
          <a key={view} href={writeRoute({ view })} aria-current={route.value.view === view ? 'page' : undefined}>
            {names[view]}
            {count !== undefined && count > 0 && <span class="count">{count.toLocaleString('en')}</span>}
          </a>
        );
      })}
    </nav>
  );
}
