import { Notice } from '../design/notice.js';
import { visible } from './format.js';
import { rules } from './state.js';
import type { Exchange } from './types.js';

/** Says why an answer is what it is, and why that is believed to be Klarna's. */
export function ExplanationNote({ explanation }: Pick<Exchange, 'explanation'>) {
  if (!explanation) return null;
  const { rule, evidence, text } = explanation;
  const known = rules.value.get(rule);
  return (
    <Notice tone="careful" title={visible(text)}>
      {known && <p>{known.says}</p>}
      <p class="small soft">
        rule {rule}; {evidence}
        {known && `: ${known.source}`}
      </p>
    </Notice>
  );
}
