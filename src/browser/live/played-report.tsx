import { Button } from '../design/button.js';
import { Notice } from '../design/notice.js';
import { pretty } from './format.js';
import { lookAt } from './state.js';
import type { PlayedScenario } from './types.js';

/** A step of the report, as far as it is drawn. */
interface PlayedStep {
  number: number;
  line: number;
  action: string;
  title?: string;
  answer?: { status: number; explanation?: string };
  tokenized?: string;
  trouble?: string;
  complaints: string[];
}

const tones = { passed: 'good', failed: 'bad', skipped: 'careful' } as const;

/** Draws what came of playing a scenario, step by step. */
export function PlayedReport({ played }: { played: PlayedScenario }) {
  const { name, title, merchant, result, reason, of, outcomes, warnings } = played;
  const steps = played.steps as unknown as PlayedStep[];
  return (
    <section aria-label="Report of the scenario">
      <Notice tone={tones[result]} title={`${name} ${result}`}>
        <p>{title}</p>
        {reason !== undefined && <p>{reason}</p>}
        <p class="small soft">
          {steps.length} of {of} steps, as the merchant {merchant}{' '}
          <Button look="plain" onClick={() => lookAt(merchant)}>
            Look at its journal
          </Button>
        </p>
      </Notice>
      <ol class="time-line">
        {steps.map(({ number, line, action, title, answer, tokenized, trouble, complaints }) => (
          <li key={number} class={complaints.length > 0 || trouble !== undefined ? 'bad' : ''}>
            <strong>{title ?? action}</strong>{' '}
            <span class="soft small">
              line {line}, {action}
              {answer && `, ${answer.status}`}
            </span>
            {answer?.explanation !== undefined && <div class="soft small">{answer.explanation}</div>}
            {tokenized !== undefined && <div class="small">tokenized: {tokenized}</div>}
            {trouble !== undefined && <div class="bad">{trouble}</div>}
            {complaints.map((complaint) => (
              <div key={complaint} class="bad">
                {complaint}
              </div>
            ))}
          </li>
        ))}
      </ol>
      {warnings.length > 0 && <pre>{pretty(warnings)}</pre>}
      {outcomes.length > 0 && (
        <ul>
          {(outcomes as unknown as { line: number; what: string; matched: number; hits: number }[]).map((outcome) => (
            <li key={outcome.line}>
              line {outcome.line}: {outcome.what}; counted {outcome.matched}, answered {outcome.hits}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
