import { CopyButton } from './copy-button.js';
import { counted, pretty, shortened, visible } from './format.js';
import type { Exchange } from './types.js';

/** The most characters of a body that are drawn at once. */
const DRAWN = 50_000;

/** Draws a request or an answer: its first line, headers and body, as text whatever is in it. */
export function MessageView({ title, line, message }: { title: string; line: string; message: Exchange['request'] }) {
  const { headers, body, cut } = message;
  const text = body === undefined ? '' : pretty(body);
  return (
    <section class="message">
      <h3>{title}</h3>
      <p>
        <code>{visible(line)}</code>
      </p>
      <details>
        <summary>{counted(Object.keys(headers).length, 'header')}</summary>
        <pre>
          {Object.entries(headers)
            .map(([name, value]) => visible(`${name}: ${value}`))
            .join('\n')}
        </pre>
      </details>
      {text === '' ? (
        <p class="soft">no body</p>
      ) : (
        <>
          <pre class="body">{visible(shortened(text, DRAWN))}</pre>
          {cut && <p class="soft small">It is too long to be kept; this is how it begins.</p>}
          <CopyButton label="Copy the body" text={() => text} />
        </>
      )}
    </section>
  );
}
