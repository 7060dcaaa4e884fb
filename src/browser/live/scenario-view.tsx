import { useEffect, useState } from 'preact/hooks';
import { Button } from '../design/button.js';
import { Notice } from '../design/notice.js';
import { OutcomeTable } from './outcome-table.js';
import { PlayedReport } from './played-report.js';
import { ScenarioEditor } from './scenario-editor.js';
import { ScenarioList } from './scenario-list.js';
import { act, api, scenario } from './state.js';
import type { ListedScenario, PlayedScenario } from './types.js';

/** The file that the editor begins with. */
const EMPTY = `title: What happens, in one sentence
outcomes:
  - { on: createCustomerTokenOrder, calls: 1, error: PAYMENT_METHOD_FAILED }
`;

/** Draws the scenario in force, those that can be chosen, an editor, and what came of the one that was played. */
export function ScenarioView() {
  const [items, setItems] = useState<readonly ListedScenario[]>([]);
  const [edited, setEdited] = useState<{ path: string; text: string } | undefined>(undefined);
  const [played, setPlayed] = useState<PlayedScenario | 'playing' | undefined>(undefined);
  useEffect(() => {
    void act(async () => setItems((await api.call<{ items: ListedScenario[] }>('GET', '/scenarios')).items));
  }, []);
  const { name, title, outcomes = [] } = scenario.value;
  const play = (body: object) =>
    act(async () => {
      setPlayed('playing');
      try {
        setPlayed(await api.call<PlayedScenario>('POST', '/scenarios/play', body));
      } catch (error) {
        setPlayed(undefined);
        throw error;
      }
    });
  const edit = (chosen: string) =>
    act(async () => {
      const { text } = await api.call<{ text: string }>('GET', `/scenarios/text?name=${encodeURIComponent(chosen)}`);
      setEdited({ path: `scenarios/${chosen}.yaml`, text });
    });
  return (
    <>
      <section aria-label="In force">
        <h2>In force</h2>
        {name === undefined ? (
          <p class="soft">None: every answer is the ordinary one.</p>
        ) : (
          <Notice tone="careful" title={title ?? name}>
            <p class="small">{name}</p>
            <OutcomeTable outcomes={outcomes} />
            <Button onClick={() => act(() => api.call('DELETE', '/scenario'))}>End the scenario</Button>
          </Notice>
        )}
      </section>
      {edited ? (
        <ScenarioEditor
          key={edited.path}
          path={edited.path}
          text={edited.text}
          choose={(text) => act(() => api.call('PUT', '/scenario', { file: { path: edited.path, text } }))}
          play={(text) => play({ file: { path: edited.path, text } })}
          close={() => setEdited(undefined)}
        />
      ) : (
        <Button onClick={() => setEdited({ path: 'scenarios/mine.yaml', text: EMPTY })}>Write a scenario</Button>
      )}
      {played === 'playing' && <p role="status">Playing…</p>}
      {played !== undefined && played !== 'playing' && <PlayedReport played={played} />}
      <ScenarioList
        items={items}
        chosen={name}
        choose={(chosen) => act(() => api.call('PUT', '/scenario', { name: chosen }))}
        play={(chosen) => play({ name: chosen })}
        edit={edit}
      />
    </>
  );
}
