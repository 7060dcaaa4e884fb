import type { ComponentChildren } from 'preact';

/** One of the things to choose from. */
export interface Choice<Value extends string> {
  value: Value;
  label: ComponentChildren;
  /** A few words at the end of the line. */
  aside?: ComponentChildren;
  /** A line below. */
  about?: ComponentChildren;
  /** The id of the radio button; that of the whole line is the same with `__container`, of its text with `__label`. */
  id?: string;
}

export interface ChoiceListProps<Value extends string> {
  /** The question that the choice answers. */
  legend: string;
  /** The name that the radio buttons share. */
  name: string;
  choices: readonly Choice<Value>[];
  chosen: Value | undefined;
  onChoose: (value: Value) => void;
}

const within = (id: string | undefined, part: string) => id && `${id}__${part}`;

/** Draws a list of which one thing is chosen. */
export function ChoiceList<Value extends string>(props: ChoiceListProps<Value>) {
  const { legend, name, choices, chosen, onChoose } = props;
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {choices.map(({ value, label, aside, about, id }) => (
        <label class="choice" key={value} id={within(id, 'container')}>
          <input
            type="radio"
            name={name}
            value={value}
            id={id}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          <span id={within(id, 'label')}>{label}</span>
          {aside !== undefined && <span class="aside">{aside}</span>}
          {about !== undefined && <span class="about">{about}</span>}
        </label>
      ))}
    </fieldset>
  );
}
