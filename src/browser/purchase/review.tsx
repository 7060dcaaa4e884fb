import { Notice } from '../design/notice.js';
import { AddressForm } from './address-form.js';
import { Cart } from './cart.js';
import { Contact } from './contact.js';
import { DecisionButtons } from './decision-buttons.js';
import type { Flow } from './flow.js';
import { OptionChoice } from './option-choice.js';
import { Payer } from './payer.js';
import type { Purchase } from './purchase.js';
import { SourceChoice } from './source-choice.js';
import { TokenizesSentence } from './tokenizes-sentence.js';

/** Shows the purchase and lets the shopper choose and decide. */
export function Review({ flow, purchase }: { flow: Flow; purchase: Purchase }) {
  const nothingOffered = flow.options.value.length === 0;
  return (
    <form
      class="review"
      aria-label="The purchase"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        flow.proceed();
      }}
    >
      <div class="facts">
        <Cart purchase={purchase} />
        <Payer person={purchase.person} />
      </div>
      <div class="choice-column">
        {nothingOffered ? (
          <Notice tone="careful" title="No way to pay is offered">
            <p>An approval takes the usual card.</p>
          </Notice>
        ) : (
          <OptionChoice flow={flow} />
        )}
        <SourceChoice flow={flow} />
        <TokenizesSentence flow={flow} />
        {flow.carrier.collectsAddress && <AddressForm flow={flow} />}
        <Contact flow={flow} />
        <DecisionButtons flow={flow} />
      </div>
    </form>
  );
}
