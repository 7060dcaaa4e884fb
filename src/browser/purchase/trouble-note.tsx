import { Notice } from '../design/notice.js';
import { Said } from './said.js';
import type { Trouble } from './trouble.js';

/** Says what went wrong, why, and what to do. */
export function TroubleNote({ trouble }: { trouble: Trouble }) {
  const { title, detail, advice } = trouble;
  return (
    <Notice tone="bad" title={title}>
      <p>
        <Said>{detail}</Said>
      </p>
      <p>{advice}</p>
    </Notice>
  );
}
