import { Notice } from '../design/notice.js';
import { destination, renderStatus } from './hosted-status.js';
import type { Purchase } from './purchase.js';
import { StepHeading } from './step-heading.js';

/** Says why nothing can be paid any more, and what to do. */
export function OverNote({ purchase }: { purchase: Purchase }) {
  const { status, hosted } = purchase;
  const complete = hosted ? hosted.status === 'COMPLETED' : status === 'complete';
  const why = hosted
    ? `This page is ${hosted.status}: ${renderStatus(hosted.status)}.`
    : complete
      ? 'This session is complete: its order is placed.'
      : 'This session has expired: 48 hours have passed without an order.';
  const to = destination(hosted?.redirect_url);
  return (
    <Notice tone={complete ? 'good' : 'careful'} title={<StepHeading>Nothing is left to pay here</StepHeading>}>
      <p>{why}</p>
      {to ? (
        <p>
          Go on to <a href={to.href}>{to.host}</a>.
        </p>
      ) : (
        <p>For another purchase the shop creates a new session.</p>
      )}
    </Notice>
  );
}
