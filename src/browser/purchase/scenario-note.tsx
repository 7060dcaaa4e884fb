import { Notice } from '../design/notice.js';
import type { Purchase } from './purchase.js';
import { Said } from './said.js';

/** Names the scenario in force. */
export function ScenarioNote({ scenario }: Pick<Purchase, 'scenario'>) {
  if (!scenario) return null;
  return (
    <div id="scenario">
      <Notice title="A scenario is in force">
        <p>
          <Said>{scenario.title}</Said> <code>{scenario.name}</code>
        </p>
      </Notice>
    </div>
  );
}
