import { Button } from '../design/button.js';
import { type Decision, decisionWords, otherDecisions } from './decisions.js';
import type { Flow } from './flow.js';
import { payWord } from './hosted-status.js';

function OtherEnd({ flow, decision }: { flow: Flow; decision: Exclude<Decision, 'approve'> }) {
  const { label, about } = decisionWords[decision];
  const act = () => {
    if (decision === 'fix') flow.chooseFields();
    else void flow.decide(decision);
  };
  return (
    <li>
      <Button onClick={act} disabled={flow.busy.value} data-decision={decision} aria-describedby={`about-${decision}`}>
        {label}
      </Button>
      <span class="soft small" id={`about-${decision}`}>
        {about}
      </span>
    </li>
  );
}

/** Draws the buttons by which the shopper decides. The ids of those that lead on are those of Klarna's page. */
export function DecisionButtons({ flow }: { flow: Flow }) {
  const busy = flow.busy.value;
  return (
    <>
      <div class="row decide">
        <Button id="onContinue" data-testid="kaf-button" look="primary" type="submit" disabled={busy}>
          {payWord(flow.purchase.value?.hosted?.purchase_type)}
        </Button>
        <Button
          id="invoice_kp-purchase-approval-form-continue-button"
          data-decision="approve"
          disabled={busy}
          onClick={() => void flow.decide('approve')}
        >
          Approve without a code
        </Button>
      </div>
      <section class="others" aria-labelledby="others">
        <h2 id="others">Or rehearse another end</h2>
        <ul>
          {otherDecisions[flow.carrier.place].map((decision) => (
            <OtherEnd key={decision} flow={flow} decision={decision} />
          ))}
        </ul>
      </section>
    </>
  );
}
