import { autocompletion, type CompletionContext, type CompletionResult, closeBrackets } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { complete, type Schema } from './schema-completion.js';
import type { Problem } from './types.js';

export interface EditorOptions {
  parent: HTMLElement;
  text: string;
  /** Of the page's policy, for the styles that the editor makes. */
  nonce: string;
  schema: Schema;
  /** Returns the mistakes in a text. */
  check(text: string): Promise<readonly Problem[]>;
  /** Called with the text whenever it changes. */
  changed(text: string): void;
}

/** An editor of scenario files that is open. */
export interface Editor {
  setText(text: string): void;
  focus(): void;
  close(): void;
}

const colours = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: 'var(--focus)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--skip)' },
]);

const look = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--paper)', fontSize: '13px' },
  '.cm-scroller': { fontFamily: 'ui-monospace, monospace', minHeight: '20rem', maxHeight: '60vh' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--soft)', borderColor: 'var(--rule)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--panel)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--token) !important' },
  '.cm-tooltip': { backgroundColor: 'var(--paper)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--ink)', color: 'var(--paper)' },
  '.cm-completionDetail': { fontStyle: 'normal', color: 'inherit', opacity: '0.75', whiteSpace: 'normal' },
});

/** Returns the place of a problem in the text, to the end of its line. */
function diagnosticOf(state: EditorState, { line, column, message }: Problem): Diagnostic {
  const { from, to, length } = state.doc.line(Math.min(line, state.doc.lines));
  const start = from + Math.min(column - 1, length);
  return { from: start, to: Math.max(start, to), severity: 'error', message };
}

/** Leaves the text. */
function leave({ contentDOM }: EditorView): boolean {
  contentDOM.blur();
  return true;
}

/** Opens an editor of scenario files: completion by their schema, and mistakes in place. */
export function openEditor({ parent, text, nonce, schema, check, changed }: EditorOptions): Editor {
  const completions = ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const found = complete(schema, state.doc.toString(), pos);
    if (!found || (!explicit && found.from === pos && state.doc.lineAt(pos).text.trim() === '')) return null;
    const options = found.options.map(({ label, detail, apply }) => ({
      label,
      apply,
      ...(detail && { info: detail }),
    }));
    return { from: found.from, options, validFor: /^[\w$.-]*$/ };
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        closeBrackets(),
        yaml(),
        syntaxHighlighting(colours),
        syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
        autocompletion({ override: [completions], activateOnTyping: true }),
        linter(
          async ({ state }) => (await check(state.doc.toString())).map((problem) => diagnosticOf(state, problem)),
          {
            delay: 400,
          },
        ),
        // Escape leaves the editor for the keyboard: Tab then moves on.
        keymap.of([{ key: 'Escape', run: leave }, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ 'aria-label': 'Scenario file' }),
        EditorView.lineWrapping,
        look,
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) changed(state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setText: (to) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: to } }),
    focus: () => view.focus(),
    close: () => view.destroy(),
  };
}
