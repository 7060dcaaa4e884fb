import { Notice } from '../design/notice.js';
import type { Flow } from './flow.js';

/** Says what this session's intent will tokenize, following the choice. */
export function TokenizesSentence({ flow }: { flow: Flow }) {
  return (
    <div aria-live="polite" id="tokenizes">
      <Notice tone="token" title="For later charges">
        <p>{flow.tokenizes.value}</p>
      </Notice>
    </div>
  );
}
