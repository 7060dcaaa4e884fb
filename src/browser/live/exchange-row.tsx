import { timeOf, visible } from './format.js';
import { StatusWord } from './status-word.js';
import type { Exchange } from './types.js';

/** Draws an exchange on one line. */
export function ExchangeRow({ exchange }: { exchange: Exchange }) {
  const { number, at, method, path, operation, status, duration_ms, explanation } = exchange;
  return (
    <span class="exchange-row">
      <span class="number">#{number}</span>
      <span class="time">{timeOf(at)}</span>
      <StatusWord status={status} />
      <span class="call">
        <strong>{operation ?? method}</strong> <span class="soft">{visible(explanation?.text ?? path)}</span>
      </span>
      <span class="duration soft">{duration_ms.toFixed(0)} ms</span>
    </span>
  );
}
