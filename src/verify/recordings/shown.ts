import type { Exchange } from '../../exchange/exchange.js';
import type { RecordedExchange } from '../../exchange/recorded.js';
import { redactExchanges } from '../../exchange/redact.js';
import type { Place, SeenExchange } from '../../report/finding.js';
import { seenAt } from '../../report/seen.js';

/** Returns a recorded exchange as a report shows it. */
export type ShowRecorded = (exchange: RecordedExchange, where: Place, side?: string) => SeenExchange;

/**
 * Makes a function that shows the exchanges of a recording: without credentials, tokens and personal data, of which a
 * recording may have real ones. They are taken out when the first exchange is shown.
 */
export function makeShowRecorded(exchanges: readonly RecordedExchange[]): ShowRecorded {
  let redacted: ReadonlyMap<RecordedExchange, Exchange> | undefined;
  return (exchange, where, side) => {
    redacted ??= redactAll(exchanges);
    return seenAt(where, redacted.get(exchange) as Exchange, side);
  };
}

function redactAll(exchanges: readonly RecordedExchange[]): Map<RecordedExchange, Exchange> {
  const plain = exchanges.map(asExchange);
  const redacted = redactExchanges([{ username: '', exchanges: plain }]);
  return new Map(exchanges.map((exchange, at) => [exchange, redacted.get(plain[at] as Exchange) as Exchange]));
}

const asExchange = ({ request, response, at = '' }: RecordedExchange): Exchange => ({
  at,
  method: request.method,
  path: request.target,
  request: { headers: request.headers, body: request.body },
  status: response.status,
  response: { headers: response.headers, body: response.body },
  duration_ms: 0,
});
