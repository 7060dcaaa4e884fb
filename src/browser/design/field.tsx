import { useId } from 'preact/hooks';

export interface FieldProps {
  id?: string;
  label: string;
  /** One sentence that helps to fill it in. */
  hint?: string | undefined;
  /** One sentence that says why the value cannot be used, and what can. */
  wrong?: string | undefined;
  value: string;
  onInput: (event: { currentTarget: HTMLInputElement }) => void;
  type?: 'text' | 'tel' | 'password';
  name?: string;
  inputMode?: 'text' | 'numeric' | 'email';
  autocomplete?: string;
  spellcheck?: boolean;
  /** The browser itself asks for a value; in a form without its checks, `aria-required` says so. */
  required?: boolean;
  'aria-required'?: boolean;
  'data-testid'?: string;
}

/** Draws an input with its label, and what there is to say about its value. */
export function Field({ id, label, hint, wrong, type = 'text', ...rest }: FieldProps) {
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
        // One type stands for all: Preact's types have a form of their own for each.
        type={type as 'text'}
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
