import { ChoiceList } from '../design/choice-list.js';
import type { Flow } from './flow.js';

/** Lets the shopper choose the card or account behind the option, and says what each brings about. */
export function SourceChoice({ flow }: { flow: Flow }) {
  const { option, source } = flow;
  const sources = option.value?.sources ?? [];
  if (sources.length === 1 && sources[0]?.funding_source.type === 'none') return null;
  return (
    <ChoiceList
      legend="Paid from"
      name="funding_source"
      chosen={source.value && String(sources.indexOf(source.value))}
      onChoose={(position) => flow.chooseSource(Number(position))}
      choices={sources.map(({ label, brings, pays }, position) => ({
        value: String(position),
        label,
        aside: <span class={brings === 'approved' ? 'brings good' : 'brings bad'}>{brings}</span>,
        about: brings === 'approved' ? `${pays.label} (${pays.type})` : 'The purchase is refused.',
      }))}
    />
  );
}
