import { Button } from '../design/button.js';
import { Notice } from '../design/notice.js';
import { counted, dateAndTime, visible } from './format.js';
import { refusals } from './state.js';

/** Says that requests came with credentials that are nobody's, which no journal has. */
export function RefusalsNotice() {
  const [latest] = refusals.value;
  if (!latest) return null;
  const { at, method, path, address, explanation } = latest;
  return (
    <Notice tone="careful" title={`${counted(refusals.value.length, 'request')} turned away, and in no journal`}>
      <p>{visible(explanation)}</p>
      <p class="row small soft">
        {method} {visible(path)} from {address}, {dateAndTime(at)} UTC{' '}
        <Button
          look="plain"
          onClick={() => {
            refusals.value = [];
          }}
        >
          Seen
        </Button>
      </p>
    </Notice>
  );
}
