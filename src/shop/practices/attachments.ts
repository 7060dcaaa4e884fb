import type { Call } from '../../exchange/call.js';
import { fieldsOf } from '../../exchange/fields.js';
import { type Attachment, packages, readAttachment, unknownPackages } from '../../klarna/attachments.js';
import { nearestWord } from '../../scenario/problem.js';
import type { Practice, Problem } from './practice.js';

const isAttachment = (value: object): value is Attachment => 'body' in value && typeof value.body === 'string';

/** Returns the attachment of a request, or of the page's data for authorize(), with the path of its body. */
function attachmentOf({ operation, body }: Call): { attachment: Attachment; path: string } | undefined {
  const fromPage = operation.api === 'sandbox';
  const attachment = fieldsOf((fromPage ? fieldsOf(body.data) : body).attachment);
  return isAttachment(attachment)
    ? { attachment, path: `$.body.${fromPage ? 'data.' : ''}attachment.body` }
    : undefined;
}

function problemsOf(call: Call): Problem[] {
  const found = attachmentOf(call);
  if (!found) return [];
  const { attachment, path } = found;
  const { name } = call.operation;
  const document = readAttachment(attachment);
  // Klarna refuses an attachment that cannot be read, and contract/refused reports that.
  if (typeof document === 'string') return [];
  return unknownPackages(document).map((given) => {
    const near = nearestWord(given, packages);
    const advice = near === undefined ? 'see the packages that Klarna publishes' : `did you mean "${near}"?`;
    return {
      call,
      path,
      identity: given,
      got: given,
      ...(near !== undefined && { expected: near }),
      message: `${name} sends ${given} as extra merchant data, which Klarna does not publish as a package; ${advice}`,
    };
  });
}

/** The practices for attachments of a purchase. */
export const attachments: Practice[] = [
  {
    id: 'practice/attachment',
    severity: 'note',
    says: 'An attachment holds extra merchant data in the packages that Klarna publishes.',
    why: 'Klarna looks at it when a session is created, changed or authorized and when a token is charged, and refuses what does not fit. A package of another name passes, and nobody knows what is made of it.',
    evidence: 'docs',
    source: 'Klarna: extra merchant data; attachment schema',
    check: ({ all }) => all.flatMap(problemsOf),
  },
];
