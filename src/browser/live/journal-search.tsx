import { useId } from 'preact/hooks';
import { search, searchFor } from './state.js';

/** Draws what the journal is searched by. */
export function JournalSearch() {
  const id = useId();
  const now = search.value;
  return (
    <search class="row search">
      <label class="unseen" for={id}>
        Search the journal
      </label>
      <input
        class="input"
        id={id}
        type="search"
        placeholder="Search: an id, a word, status:4xx, op:createOrder, -word"
        value={now.text}
        spellcheck={false}
        onInput={(event) => searchFor({ ...now, text: event.currentTarget.value })}
      />
      <label class="tick">
        <input
          type="checkbox"
          checked={now.refused === true}
          onChange={(event) => searchFor({ ...now, refused: event.currentTarget.checked })}
        />{' '}
        refused only
      </label>
      <label class="tick">
        <input
          type="checkbox"
          checked={now.klarnas === true}
          onChange={(event) => searchFor({ ...now, klarnas: event.currentTarget.checked })}
        />{' '}
        Klarna's APIs only
      </label>
    </search>
  );
}
