import { Button } from '../design/button.js';
import { ExchangeDetail } from './exchange-detail.js';
import { ExchangeRow } from './exchange-row.js';
import { FirstVisit } from './first-visit.js';
import { counted } from './format.js';
import { JournalSearch } from './journal-search.js';
import { RefusalsNotice } from './refusals-notice.js';
import { act, api, missed, open, route, search, settled, shownJournal } from './state.js';
import type { Exchange } from './types.js';
import { WindowedList } from './windowed-list.js';

/** Draws the journal as it happens, newest first, the exchange that is open, and what no journal has. */
export function JournalView() {
  return (
    <>
      <RefusalsNotice />
      <Exchanges />
    </>
  );
}

function Exchanges() {
  const { journal } = shownJournal.value;
  if (journal.size === 0) return settled.value ? <FirstVisit /> : <p class="soft">Reading the journal…</p>;
  const { found } = journal;
  const chosen = route.value.open === undefined ? undefined : Number(route.value.open);
  const exchange = chosen === undefined ? undefined : journal.at(chosen);
  return (
    <div class={exchange ? 'split opened' : 'split'}>
      <section class="list" aria-label="Exchanges">
        <JournalSearch />
        <p class="soft small summary" role="status">
          {counted(found.length, 'exchange')}
          {found.length < journal.size && ` of ${journal.size.toLocaleString('en')}`}
          {missed.value > 0 && `; ${counted(missed.value, 'older one')} no longer kept`}
          <Button look="plain" onClick={() => act(() => api.call('DELETE', '/journal'))}>
            Empty the journal
          </Button>
        </p>
        {found.length === 0 ? (
          <p class="soft">No exchange has {JSON.stringify(search.value.text)}.</p>
        ) : (
          <WindowedList<Exchange>
            label="Exchanges, newest first"
            count={found.length}
            at={(index) => found[found.length - 1 - index] as Exchange}
            keyOf={({ number }) => number}
            draw={(each) => <ExchangeRow exchange={each} />}
            chosen={chosen}
            choose={({ number }) => open({ view: 'journal', open: String(number) })}
          />
        )}
      </section>
      {exchange && <ExchangeDetail exchange={exchange} />}
    </div>
  );
}
