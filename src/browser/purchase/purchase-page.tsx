import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../design/button.js';
import { SandboxMark } from '../design/sandbox-mark.js';
import { EndingNote } from './ending-note.js';
import { FixFields } from './fix-fields.js';
import type { Flow } from './flow.js';
import { keepFocusIn } from './focus-trap.js';
import { HostedStanding } from './hosted-standing.js';
import { OneTimeCode } from './one-time-code.js';
import { OverNote } from './over-note.js';
import { PurchaseTitle } from './purchase-title.js';
import { Review } from './review.js';
import { Said } from './said.js';
import { ScenarioNote } from './scenario-note.js';
import { ScriptedShopper } from './scripted-shopper.js';
import { TroubleNote } from './trouble-note.js';

/** Shows the step that the shopper is at. */
function Step({ flow }: { flow: Flow }) {
  const purchase = flow.purchase.value;
  switch (flow.step.value) {
    case 'loading':
      return <p class="soft">Reading the purchase…</p>;
    case 'trouble':
      return (
        <div class="row decide">
          {flow.trouble.value?.again && (
            <Button look="primary" onClick={() => void flow.start()}>
              Try again
            </Button>
          )}
          {flow.carrier.place === 'over-shop' && <Button onClick={() => flow.giveUp()}>Back to the shop</Button>}
        </div>
      );
    case 'review':
      return purchase ? <Review flow={flow} purchase={purchase} /> : null;
    case 'code':
      return <OneTimeCode flow={flow} />;
    case 'fix':
      return <FixFields flow={flow} />;
    case 'scripted':
      return purchase ? <ScriptedShopper scripted={purchase.scripted} /> : null;
    case 'over':
      return purchase ? <OverNote purchase={purchase} /> : null;
    case 'done':
      return flow.ending.value ? <EndingNote ending={flow.ending.value} /> : null;
  }
}

/** Says above the step what went wrong, or how a try ended; the page is scrolled to it. */
function Messages({ flow }: { flow: Flow }) {
  const messages = useRef<HTMLDivElement>(null);
  const trouble = flow.trouble.value;
  const ending = flow.ending.value?.stays ? flow.ending.value : undefined;
  useEffect(() => {
    if (trouble || ending) messages.current?.focus();
  }, [trouble, ending]);
  return (
    <div ref={messages} tabIndex={-1}>
      {trouble && <TroubleNote trouble={trouble} />}
      {ending && <EndingNote ending={ending} />}
    </div>
  );
}

/** Says what has just come about to whoever does not see the page. */
function Announcement({ flow }: { flow: Flow }) {
  const ending = flow.ending.value?.outcome;
  const words = flow.busy.value ? 'One moment.' : ending ? `${ending.title}. ${ending.text}` : '';
  return (
    <p class="unseen" role="status">
      {words}
    </p>
  );
}

function Title({ flow }: { flow: Flow }) {
  const purchase = flow.purchase.value;
  const own = purchase?.hosted?.page_title;
  return (
    <div class="title">
      <h1 id="title" tabIndex={-1}>
        {purchase ? own === undefined ? <PurchaseTitle purchase={purchase} /> : <Said>{own}</Said> : 'Payment'}
      </h1>
      {purchase && own !== undefined && (
        <p>
          <PurchaseTitle purchase={purchase} />
        </p>
      )}
    </div>
  );
}

/** Shows a purchase: over the shop as a dialog that keeps the focus, on the hosted page as a page. */
export function PurchasePage({ flow }: { flow: Flow }) {
  const card = useRef<HTMLDivElement>(null);
  const over = flow.carrier.place === 'over-shop';
  const step = flow.step.value;
  const before = useRef(step);
  useEffect(() => {
    // A page of its own leaves the focus where the browser has it at first.
    const goesTo = step === 'review' && (over || before.current !== 'loading');
    if (goesTo) card.current?.querySelector<HTMLElement>('#title')?.focus();
    before.current = step;
  }, [step, over]);
  useEffect(() => {
    if (!over) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') void flow.close();
      else if (card.current) keepFocusIn(card.current, event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [over, flow]);
  const purchase = flow.purchase.value;
  const { busy } = flow;
  return (
    <div
      class="card"
      ref={card}
      aria-busy={busy.value}
      {...(over && { role: 'dialog', 'aria-modal': true, 'aria-labelledby': 'title' })}
    >
      <header>
        <Title flow={flow} />
        <SandboxMark />
        {over && (
          <Button look="plain" aria-label="Close" onClick={() => void flow.close()} disabled={busy.value}>
            ✕
          </Button>
        )}
      </header>
      {purchase?.hosted && <HostedStanding hosted={purchase.hosted} locale={purchase.locale} />}
      {purchase && <ScenarioNote scenario={purchase.scenario} />}
      <Messages flow={flow} />
      <Step flow={flow} />
      <Announcement flow={flow} />
      <footer class="soft small">
        mock-klarna, a sandbox: nobody pays anything here. This is not a page of Klarna.
      </footer>
    </div>
  );
}
