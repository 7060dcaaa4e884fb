import type { YAMLError } from 'yaml';

/** A mistake of the parser, and where its text stands. */
interface Mistake {
  message: string;
  text: string;
  offset: number;
  line: string;
  /** The line after it. */
  next: string;
}

/** The message for a mistake, with an offset where its reason stands elsewhere. */
type Told = string | { offset: number; message: string } | undefined;

/** A key and a text without quotes, with a colon in it. */
const COLON = /^\s*(?:- +)*([^\s:][^:]*): +([^"'\s[{&*|>][^#]*: .*?)\s*$/;

/** A variable without quotes where a brace opens a mapping. */
const BARE_VARIABLE = /[{[,:]\s*(\$\{[^}"']*\})/;

const ODD_QUOTES = /^[“”„‟‘’‚«»]+|[“”„‟‘’‚«»]+$/g;

function bareVariable({ line }: Mistake): Told {
  const [, variable] = BARE_VARIABLE.exec(line) ?? [];
  return variable && `${variable} needs quotes inside of { } and [ ]: "${variable}"`;
}

function glued({ line }: Mistake): Told {
  const [, key, value] = /^\s*(?:- +)*([A-Za-z_][\w-]*):(?=[^\s:/])(.*?)\s*$/.exec(line) ?? [];
  return key && `a colon needs a space behind it: ${key}: ${value}`;
}

function keyAlone({ line }: Mistake): Told {
  const [, key] = /^\s*(?:- +)*([^\s:{}[\]"']+)\s*$/.exec(line) ?? [];
  return key && `a colon is missing: ${key}:`;
}

function colon({ line }: Mistake): Told {
  const [, key, value = ''] = COLON.exec(line) ?? [];
  return key && `a text with a colon and a space in it needs quotes: ${key}: "${value.replace(ODD_QUOTES, '')}"`;
}

/** Tells of a line between the columns of those above. */
function indented({ message, text, offset, line }: Mistake): Told {
  if (!/same column/.test(message)) return undefined;
  if (/sequence/.test(message)) return `the dashes of one list stand in one column: ${line.trim()}`;
  const [indent] = /^ */.exec(line) as RegExpExecArray;
  const above = text.slice(0, offset).split('\n').reverse();
  const near = above.find((other) => other !== line && other.trim() !== '' && !other.startsWith(`${indent} `));
  return near?.startsWith(`${indent}- `)
    ? `a dash is missing before this, or it stands further right: ${line.trim()}`
    : `the keys of one mapping stand in one column: ${line.trim()}`;
}

/** Tells of the line below, where that stands in no column of those above. */
function below({ line, next }: Mistake): Told {
  if (next.trim() === '') return undefined;
  return line.trim().startsWith('- ')
    ? `the line below stands in no column of those above: ${next.trim()}`
    : `the line below is indented as if it belonged to this text: ${next.trim()}`;
}

/** Tells of a sign at the beginning of a text, which the parser names last. */
const sign = ({ message }: Mistake): Told => `a text that begins with ${message.trim().slice(-1)} needs quotes`;

/** Tells where the text begins that has no closing quote. */
function openQuote({ message, text }: Mistake): Told {
  const [, quote] = /closing (["'])/.exec(message) ?? [];
  if (!quote) return undefined;
  const open = new RegExp(`(?:^|[:[{,-])[ \\t]*${quote}[^${quote}\\n]*$`, 'm').exec(text);
  if (!open) return `a text that begins with ${quote} never ends`;
  return { offset: open.index + open[0].indexOf(quote), message: `the text that begins with ${quote} here never ends` };
}

/** Tells where the bracket opens that nothing closes: the last before the mistake. */
function openBracket({ message, text, offset }: Mistake): Told {
  const [, close] = /end with a ([\]}])/.exec(message) ?? [];
  if (!close) return undefined;
  const open = close === '}' ? '{' : '[';
  let closed = 0;
  for (let at = offset - 1; at >= 0; at--) {
    if (text[at] === close) closed++;
    else if (text[at] === open && closed-- === 0) {
      return { offset: at, message: `the ${open} here is never closed by a ${close}` };
    }
  }
  // A bracket in a text was taken for its end.
  return `a ${open} before this is never closed by a ${close}`;
}

/** Tells of what stands behind the end of a text. */
function goesOn({ message, line }: Mistake): Told {
  if (!/at node end/.test(message)) return undefined;
  const [, first] = /(?::|-)\s+([*'"])/.exec(line) ?? [];
  if (first === '*') return 'a text that begins with * needs quotes';
  if (first === "'") return "the text in quotes ends before this; write '' for a ' in it, or put it in double quotes";
  return first && 'the text in quotes ends before this; write \\" for a " in it';
}

const TAB = 'a tab stands here, and YAML indents by spaces only';

const inBraces = ({ line }: Mistake): Told =>
  `a comma is missing, or a text with a colon in it needs quotes: ${line.trim()}`;

/** The functions that word the parser's mistakes, by its codes; the first that returns a message counts. */
const WORDS: Partial<Record<YAMLError['code'], readonly ((mistake: Mistake) => Told)[]>> = {
  TAB_AS_INDENT: [() => TAB],
  BLOCK_AS_IMPLICIT_KEY: [colon, below],
  BAD_INDENT: [bareVariable, openBracket, indented],
  MULTILINE_IMPLICIT_KEY: [glued, keyAlone],
  MISSING_CHAR: [
    bareVariable,
    openQuote,
    openBracket,
    (mistake) => (/without -/.test(mistake.message) ? below(mistake) : undefined),
    ({ message }) => (/^Comments/.test(message) ? 'a # that begins a comment needs a space before it' : undefined),
    glued,
    keyAlone,
  ],
  UNEXPECTED_TOKEN: [
    bareVariable,
    goesOn,
    ({ message }) => (/^Block scalar header/.test(message) ? 'a text that begins with | or > needs quotes' : undefined),
    ({ message }) => {
      const [, sign] = /^Unexpected (,)|stream: "([\]}])"/.exec(message)?.filter(Boolean) ?? [];
      return sign && `a ${sign} too many stands here`;
    },
  ],
  BLOCK_IN_FLOW: [bareVariable, inBraces],
  BAD_SCALAR_START: [sign],
  BAD_DQ_ESCAPE: [() => 'a \\ in double quotes is written \\\\; in single quotes it stands as it is'],
  BAD_ALIAS: [() => 'a text that begins with * or & needs quotes'],
  TAG_RESOLVE_FAILED: [() => 'a text that begins with ! needs quotes'],
  MULTIPLE_DOCS: [() => 'a second document begins at this ---; a file holds one scenario'],
};

/** Returns what the parser has against a text, in the words of somebody who writes it, and its offset. */
export function inOurWords({ code, message, pos: [at] }: YAMLError, text: string): { offset: number; message: string } {
  // Of an empty line before what is wrong nobody would know what is meant.
  const [blank = ''] = text.slice(0, at).match(/(?:^|\n)$/) ? (/^\n+(?=.)/.exec(text.slice(at)) ?? []) : [];
  const offset = at + blank.length;
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const [line, next = ''] = text.slice(from, from + 2_000).split('\n') as [string, string?];
  if (/^(?:<{7}|={7}|>{7})/.test(line)) return { offset, message: 'a merge left its mark here' };
  for (const words of WORDS[code] ?? []) {
    const told = words({ message, text, offset, line, next });
    if (told) return typeof told === 'string' ? { offset, message: told } : told;
  }
  const plain = message.replace(/\s+/g, ' ').trim();
  return { offset, message: plain.charAt(0).toLowerCase() + plain.slice(1) };
}
