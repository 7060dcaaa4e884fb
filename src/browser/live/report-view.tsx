import { useEffect, useState } from 'preact/hooks';
import { Button } from '../design/button.js';
import { Notice } from '../design/notice.js';
import { writeRoute } from './route.js';
import { act, api, merchant } from './state.js';
import type { Report } from './types.js';

const tones = { violation: 'bad', warning: 'careful', note: undefined } as const;

/** Draws the report on the shop: where it breaks the contract, which practices it does not keep, what it has met. */
export function ReportView() {
  const [report, setReport] = useState<Report | undefined>(undefined);
  const read = () => act(async () => setReport(await api.call<Report>('GET', '/report')));
  const name = merchant.value;
  useEffect(() => {
    setReport(undefined);
    void read();
  }, [name]);
  if (!report) return <p class="soft">Judging the shop…</p>;
  const { findings, judged, unjudged, coverage } = report;
  return (
    <>
      <p class="row">
        <span>
          {judged === 0
            ? 'No call of Klarna’s APIs to judge yet.'
            : `${judged} calls judged, ${findings.length} findings.`}
        </span>
        <Button onClick={read}>Judge again</Button>
      </p>
      {unjudged.map(({ what, why }) => (
        <p key={what} class="soft small">
          Not judged: {what}: {why}
        </p>
      ))}
      <section aria-label="Findings" class="findings">
        {judged > 0 && findings.length === 0 && <Notice tone="good" title="Nothing was found." />}
        {findings.map(({ check, severity, message, where, evidence, source, fingerprint }, index) => (
          <Notice key={`${fingerprint} ${index}`} tone={tones[severity]} title={<h2>{message}</h2>}>
            <p class="small soft">
              {severity}, {check}
              {evidence !== undefined && `; ${evidence}`}
              {source !== undefined && `: ${source}`}
              {where.exchange !== undefined && (
                <>
                  {' '}
                  <a href={writeRoute({ view: 'journal', open: String(where.exchange) })}>exchange {where.exchange}</a>
                </>
              )}
            </p>
          </Notice>
        ))}
      </section>
      <section aria-label="Coverage">
        <h2>What it has met</h2>
        <ul class="plain">
          {coverage.apis
            .filter(({ called }) => called.length > 0)
            .map(({ name: api, percent, counting, cells }) => (
              <li key={api}>
                <label>
                  {api}: {counting} of {cells} outcomes, {percent} %{' '}
                  <meter min={0} max={100} value={percent}>
                    {percent} %
                  </meter>
                </label>
              </li>
            ))}
        </ul>
        <details>
          <summary>Not met yet</summary>
          <ul>
            {coverage.cells
              .filter(({ counts }) => !counts)
              .map(({ operation, status, code, transition, outcome, reach }) => (
                <li key={`${operation} ${status} ${code} ${transition} ${outcome}`}>
                  {[operation, status || 'no answer', code, transition, outcome].filter(Boolean).join(' ')}
                  {reach !== undefined && <span class="soft">; the scenario {reach} leads there</span>}
                </li>
              ))}
          </ul>
        </details>
      </section>
    </>
  );
}
