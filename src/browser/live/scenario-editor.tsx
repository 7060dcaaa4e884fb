import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../design/button.js';
import type * as EditorModule from './editor.js';
import { act, api } from './state.js';
import type { Problem, Schemas } from './types.js';

export interface ScenarioEditorProps {
  path: string;
  text: string;
  choose(text: string): void;
  play(text: string): void;
  close(): void;
}

/** The editor stands beside the page's script; it is loaded when it is first opened. */
const EDITOR = './editor.js';

async function loadEditor(): Promise<Pick<typeof EditorModule, 'openEditor'> & { schema: object }> {
  const [module, schema] = await Promise.all([
    import(/* @vite-ignore */ EDITOR) as Promise<typeof EditorModule>,
    fetch('/live/scenario.schema.json').then((answer) => answer.json()),
  ]);
  return { openEditor: module.openEditor, schema };
}

const nonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';

/** Draws a scenario file to be edited: completion, mistakes in place, and what can be done with it. */
export function ScenarioEditor({ path, text, choose, play, close }: ScenarioEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const now = useRef(text);
  const [problems, setProblems] = useState<readonly Problem[] | undefined>(undefined);
  const [steps, setSteps] = useState(0);
  const check = async (given: string) => {
    const found = await api.call<Schemas['checked_scenario']>('POST', '/scenarios/check', { text: given });
    setProblems(found.problems);
    setSteps(found.steps ?? 0);
    return found.problems;
  };
  useEffect(() => {
    let gone = false;
    let editor: EditorModule.Editor | undefined;
    void act(async () => {
      const { openEditor, schema } = await loadEditor();
      const { current: parent } = place;
      if (gone || !parent) return;
      parent.textContent = '';
      const changed = (given: string) => {
        now.current = given;
      };
      editor = openEditor({ parent, text, nonce: nonce(), schema, check, changed });
      editor.focus();
    });
    return () => {
      gone = true;
      editor?.close();
    };
  }, []);
  const fine = problems?.length === 0;
  return (
    <section aria-label="Editor" class="editor">
      <h2>{path}</h2>
      <div ref={place} class="editor-place">
        Loading the editor…
      </div>
      <p role="status" class={fine ? 'good' : 'bad'}>
        {problems === undefined
          ? ''
          : fine
            ? 'It can be used.'
            : `${problems.length === 1 ? 'One mistake' : `${problems.length} mistakes`}: line ${problems[0]?.line}, ${problems[0]?.message}`}
      </p>
      <p class="row">
        <Button look="primary" disabled={!fine} onClick={() => choose(now.current)}>
          Have it in force
        </Button>
        <Button disabled={!fine || steps === 0} onClick={() => play(now.current)}>
          Play its steps
        </Button>
        <Button onClick={close}>Close the editor</Button>
        <span class="soft small">Escape leaves the text, so that Tab moves on. Nothing is written to a file.</span>
      </p>
    </section>
  );
}
