import type { Purchase } from './purchase.js';
import { StepHeading } from './step-heading.js';

/** Says that the scenario plays the shopper, and what it has them do. */
export function ScriptedShopper({ scripted }: Pick<Purchase, 'scripted'>) {
  const { result = 'approved', payment_option: option, funding_source: source } = scripted ?? {};
  const by = [option, source?.type].filter((word) => word !== undefined).join(' by ');
  return (
    <>
      <StepHeading>The scenario plays the shopper</StepHeading>
      <p>
        Nothing is to be clicked: the purchase ends <strong>{result.replaceAll('_', ' ')}</strong>
        {by !== '' && <>, paid with {by.replaceAll('_', ' ')}</>}.
      </p>
    </>
  );
}
