import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

export type FieldProps = Omit<JSX.IntrinsicElements['input'], 'class' | 'id'> & {
  id?: string;
  label: string;
  /** One sentence that helps to fill it in. */
  hint?: string | undefined;
  /** One sentence that says why the value cannot be used, and what can. */
  wrong?: string | undefined;
};

/** Draws an input with its label, and what there is to say about its value. */
export function Field({ id, label, hint, wrong, ...rest }: FieldProps) {
  const own = useId();
  const at = id ?? own;
  const hintAt = hint === undefined ? undefined : `${at}-hint`;
  const wrongAt = wrong === undefined ? undefined : `${at}-wrong`;
  const described = [wrongAt, hintAt].filter((said) => said !== undefined).join(' ');
  return (
    <div class="field">
      <label for={at}>{label}</label>
      <input
        class="input"
        id={at}
        aria-invalid={wrong === undefined ? undefined : 'true'}
        aria-describedby={described || undefined}
        {...rest}
      />
      {hint !== undefined && (
        <span class="hint" id={hintAt}>
          {hint}
        </span>
      )}
      {wrong !== undefined && (
        <span class="wrong" id={wrongAt} role="alert">
          {wrong}
        </span>
      )}
    </div>
  );
}
