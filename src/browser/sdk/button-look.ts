const THEMES = ['default', 'light', 'dark', 'outlined'];
const SHAPES = ['default', 'rect', 'pill'];

/** The words on the button, by language. */
const WORDS: Readonly<Record<string, string>> = {
  cs: 'Zaplatit s Klarnou',
  da: 'Betal med Klarna',
  de: 'Mit Klarna bezahlen',
  el: 'Πληρωμή με Klarna',
  en: 'Pay with Klarna',
  es: 'Pagar con Klarna',
  fi: 'Maksa Klarnalla',
  fr: 'Payer avec Klarna',
  hu: 'Fizetés Klarnával',
  it: 'Paga con Klarna',
  nb: 'Betal med Klarna',
  nl: 'Betaal met Klarna',
  pl: 'Zapłać z Klarna',
  pt: 'Pagar com a Klarna',
  ro: 'Plătește cu Klarna',
  sk: 'Zaplatiť s Klarnou',
  sv: 'Betala med Klarna',
};

/** The look of a button, each part by a known word. */
export interface ButtonLook {
  theme: string;
  shape: string;
  language: string;
  text: string;
}

/** Reads theme, shape and locale; what is unknown becomes the default, and is told. */
export function readLook(
  { theme = 'default', shape = 'default', locale = 'en' }: { theme?: unknown; shape?: unknown; locale?: unknown },
  tell: (sentence: string) => void,
): ButtonLook {
  const known = (option: string, value: unknown, words: readonly string[]): string => {
    if (words.includes(String(value))) return String(value);
    tell(`options.${option} is “${String(value)}”, and is taken for default; it can be ${words.join(', ')}`);
    return 'default';
  };
  const language = String(locale).split(/[-_]/)[0]?.toLowerCase() ?? '';
  const text = Object.hasOwn(WORDS, language) ? WORDS[language] : undefined;
  if (text === undefined) tell(`options.locale is “${String(locale)}”, which no button is written in; it is English`);
  return {
    theme: known('theme', theme, THEMES),
    shape: known('shape', shape, SHAPES),
    language: text === undefined ? 'en' : language,
    text: text ?? (WORDS.en as string),
  };
}

/** A rule that stands in a shadow root: no style of the page comes in, and none goes out. */
export const BUTTON_STYLE = `
:host { display: block; min-width: 12rem }
button {
  --ink: #fff; --paper: #1d1d24; --line: #1d1d24;
  box-sizing: border-box; width: 100%; min-height: 48px; padding: 8px 16px;
  display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: center; justify-content: center;
  font: 600 16px/1.3 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 8px; cursor: pointer;
}
button:hover { filter: brightness(0.94) }
button:focus-visible { outline: 3px solid #3b49c9; outline-offset: 2px }
button[data-theme='light'] { --ink: #1d1d24; --paper: #f6f6f9; --line: #f6f6f9 }
button[data-theme='outlined'] { --ink: #1d1d24; --paper: #fff; --line: #84848f }
button[data-shape='rect'] { border-radius: 0 }
button[data-shape='pill'] { border-radius: 999px }
small { font-size: 12px; font-weight: 600; padding: 1px 8px; border: 1px solid currentcolor; border-radius: 999px }
@media (prefers-color-scheme: dark) {
  button[data-theme='default'] { --ink: #1d1d24; --paper: #fff; --line: #84848f }
}
`;
