import { useState } from 'preact/hooks';
import { Button } from '../design/button.js';

/** Copies text, and says so; where the browser does not let it, the text is shown to be copied by hand. */
export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [state, setState] = useState<'copied' | 'shown' | undefined>(undefined);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setState('copied');
      setTimeout(() => setState(undefined), 2_000);
    } catch {
      // Only pages of https or localhost may write to the clipboard.
      setState('shown');
    }
  };
  return (
    <>
      <Button onClick={copy}>{label}</Button>
      <span class="unseen" role="status">
        {state === 'copied' ? 'Copied' : ''}
      </span>
      {state === 'copied' && (
        <span class="good small" aria-hidden="true">
          copied
        </span>
      )}
      {state === 'shown' && <textarea class="input by-hand" aria-label={label} readOnly value={text()} rows={8} />}
    </>
  );
}
