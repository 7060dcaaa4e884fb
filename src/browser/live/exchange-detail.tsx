import { Button } from '../design/button.js';
import { CallbackCards } from './callback-cards.js';
import { CopyButton } from './copy-button.js';
import { toCurl } from './curl.js';
import { ExplanationNote } from './explanation-note.js';
import { dateAndTime, pretty } from './format.js';
import { MessageView } from './message-view.js';
import { attempts, journal, merchant, open } from './state.js';
import { StatusWord } from './status-word.js';
import { toCase, toStep } from './steps.js';
import type { Exchange } from './types.js';

/** Draws an exchange: what was asked, what was answered, and why. */
export function ExchangeDetail({ exchange }: { exchange: Exchange }) {
  const { number, at, method, path, operation, status, duration_ms, correlation_id, request, response, scripted } =
    exchange;
  const step = toStep(exchange);
  const caused = attempts.value.filter((attempt) => journal.causeOf(attempt) === number);
  return (
    <article class="detail" aria-label={`Exchange ${number}`}>
      <header class="row">
        <h2>
          {operation ?? 'no operation'} <StatusWord status={status} />
        </h2>
        <Button look="plain" aria-label="Close the exchange" onClick={() => open({ view: 'journal' })}>
          Close
        </Button>
      </header>
      <p class="soft small">
        exchange #{number}, {dateAndTime(at)} UTC, {duration_ms.toFixed(1)} ms
        {correlation_id !== undefined && <>, correlation id {correlation_id}</>}
      </p>
      {exchange.live_key && (
        <p class="bad">It came with an API key of Klarna's live environment, which does not belong here.</p>
      )}
      <ExplanationNote explanation={exchange.explanation} />
      {scripted && (
        <>
          <h3>By the scenario</h3>
          <pre>{pretty(scripted)}</pre>
        </>
      )}
      <p class="row">
        <CopyButton label="Copy as curl" text={() => toCurl(exchange, location.origin, merchant.value)} />
        {step !== undefined && <CopyButton label="Copy as scenario step" text={() => step} />}
        {step !== undefined && <CopyButton label="Copy as contract case" text={() => toCase(exchange) ?? ''} />}
      </p>
      <MessageView title="Request" line={`${method} ${path}`} message={request} />
      <MessageView
        title="Answer"
        line={status === 0 ? 'none, or none that came whole' : String(status)}
        message={response}
      />
      {caused.length > 0 && (
        <>
          <h3>Callbacks</h3>
          <CallbackCards attempts={caused} />
        </>
      )}
    </article>
  );
}
