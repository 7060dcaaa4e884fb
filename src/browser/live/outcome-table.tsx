import type { ChosenScenario } from './types.js';

/** Draws the outcomes of the scenario in force, each with how often it was looked at and how often it answered. */
export function OutcomeTable({ outcomes }: { outcomes: NonNullable<ChosenScenario['outcomes']> }) {
  if (outcomes.length === 0) return <p class="soft">It scripts no answer, only the shopper or the callbacks.</p>;
  return (
    <table class="outcomes">
      <thead>
        <tr>
          <th scope="col">Operation</th>
          <th scope="col">Line</th>
          <th scope="col">Calls counted</th>
          <th scope="col">Answered by it</th>
        </tr>
      </thead>
      <tbody>
        {outcomes.map(({ index, on, line, matched, hits }) => (
          <tr key={index} class={hits > 0 ? 'hit' : ''}>
            <td>{on}</td>
            <td>{line}</td>
            <td>{matched}</td>
            <td>{hits}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
