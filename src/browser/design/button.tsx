import type { JSX } from 'preact';

export type ButtonProps = Omit<JSX.IntrinsicElements['button'], 'class'> & {
  /** `primary` for the one thing that most come for, `plain` for what stands in a text; an outline otherwise. */
  look?: 'primary' | 'plain' | undefined;
};

/** Draws a button. It submits nothing unless its type says so. */
export function Button({ look, type = 'button', ...rest }: ButtonProps) {
  return <button class={look ? `button ${look}` : 'button'} type={type} {...rest} />;
}
