import { ChoiceList } from '../design/choice-list.js';
import type { Flow } from './flow.js';

/** Lets the shopper choose a payment option. The ids are those of Klarna's page. */
export function OptionChoice({ flow }: { flow: Flow }) {
  return (
    <ChoiceList
      legend="How to pay"
      name="payment_option"
      chosen={flow.option.value?.payment_option}
      onChoose={(option) => flow.chooseOption(option)}
      choices={flow.options.value.map(({ payment_option, label }) => ({
        value: payment_option,
        label,
        id: `${payment_option}-${payment_option}`,
      }))}
    />
  );
}
