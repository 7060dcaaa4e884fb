import fastifyPlugin from 'fastify-plugin';
import type { Reason, RuleId } from '../../klarna/catalogue/rules.js';
import { escapeCharacter } from '../../report/text.js';
import type { Outgoing } from '../answers.js';

/** Highest length of `Mock-Klarna-Explain`, in bytes. */
export const EXPLAIN_LIMIT = 1024;

const EXPLAIN_HEADER = 'mock-klarna-explain';

const CUT = '...';

/** Returns `rule-id: text` for a header: one line of printable ASCII, the rest as `\u{…}`, at most 1024 bytes. */
export function explainHeader(rule: RuleId, text: string): string {
  const line = `${rule}: ${text}`;
  if (line.length <= EXPLAIN_LIMIT && /^[\x20-\x7e]*$/.test(line)) return line;
  let escaped = '';
  // The place to cut if the line turns out too long.
  let cut = 0;
  for (const character of line) {
    const code = character.codePointAt(0) as number;
    const next = code >= 0x20 && code <= 0x7e ? character : escapeCharacter(character);
    if (escaped.length + next.length > EXPLAIN_LIMIT) return escaped.slice(0, cut) + CUT;
    escaped += next;
    if (escaped.length <= EXPLAIN_LIMIT - CUT.length) cut = escaped.length;
  }
  return escaped;
}

/** Returns an answer with a reason in its header. */
export const explained = (answer: Outgoing, { rule, text }: Reason): Outgoing => ({
  ...answer,
  headers: { ...answer.headers, [EXPLAIN_HEADER]: explainHeader(rule, text) },
});

/** Explains answers in the header `Mock-Klarna-Explain`. */
export const explanation = fastifyPlugin(
  (fastify, _options, done) => {
    fastify.addHook('onSend', (_request, reply, payload, next) => {
      const because = reply.answered?.because;
      if (because) reply.header(EXPLAIN_HEADER, explainHeader(because.rule, because.text));
      next(null, payload);
    });
    done();
  },
  { name: 'explanation', dependencies: ['answers'] },
);
