import { Notice } from '../design/notice.js';
import type { Ending } from './flow.js';
import { Said } from './said.js';
import { StepHeading } from './step-heading.js';

/** Says where the browser goes, or why it stays. */
function WhereNext({ destination, named }: Ending) {
  if (destination) {
    return (
      <p>
        Going on to <a href={destination.href}>{destination.host}</a>.
      </p>
    );
  }
  if (named !== undefined) {
    return (
      <p>
        The shop named <Said>{named}</Said>, to which a browser cannot be sent. Name an address of http or https.
      </p>
    );
  }
  return <p>The shop named no address to go on to.</p>;
}

/** Says how the purchase ended. */
export function EndingNote({ ending }: { ending: Ending }) {
  const { outcome, stays, goesOn } = ending;
  return (
    <Notice tone={outcome.tone} title={stays ? outcome.title : <StepHeading>{outcome.title}</StepHeading>}>
      <p>{outcome.text}</p>
      {goesOn && <WhereNext {...ending} />}
    </Notice>
  );
}
