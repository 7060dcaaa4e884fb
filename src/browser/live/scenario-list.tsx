import { useId, useState } from 'preact/hooks';
import { Button } from '../design/button.js';
import type { ListedScenario } from './types.js';

export interface ScenarioListProps {
  items: readonly ListedScenario[];
  /** Name of the scenario in force. */
  chosen: string | undefined;
  choose(name: string): void;
  play(name: string): void;
  edit(name: string): void;
}

/** Returns the scenarios that have every word in their name, title or tags. */
export function findScenarios(items: readonly ListedScenario[], text: string): ListedScenario[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter(({ name, alias = '', title, tags }) => {
    const all = `${name} ${alias} ${title} ${tags.join(' ')}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Draws the scenarios that can be chosen by name. */
export function ScenarioList({ items, chosen, choose, play, edit }: ScenarioListProps) {
  const id = useId();
  const [text, setText] = useState('');
  const found = findScenarios(items, text);
  return (
    <section aria-label="Scenarios">
      <h2>Choose by name</h2>
      <div class="field">
        <label for={id}>Search names, titles and tags</label>
        <input
          class="input"
          id={id}
          type="search"
          value={text}
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <p class="soft small" role="status">
        {items.length === 0 ? 'Reading the scenarios…' : `${found.length} of ${items.length}`}
      </p>
      <ul class="plain scenarios">
        {found.map(({ name, title, tags, steps }) => (
          <li key={name} class={name === chosen ? 'chosen' : ''}>
            <div>
              <strong>{name}</strong> {name === chosen && <span class="good">in force</span>}
            </div>
            <div>{title}</div>
            <div class="soft small">{tags.join(', ')}</div>
            <div class="row">
              <Button aria-label={`Choose ${name}`} onClick={() => choose(name)}>
                Choose
              </Button>
              {steps > 0 && (
                <Button aria-label={`Play ${name}`} onClick={() => play(name)}>
                  Play
                </Button>
              )}
              <Button look="plain" aria-label={`Edit ${name}`} onClick={() => edit(name)}>
                Edit
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
