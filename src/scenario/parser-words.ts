import type { YAMLError } from 'yaml';

/** The words for a mistake by the code of the parser; a function gets the line it stands in, and the parser's own words. */
type Words = (line: string, message: string) => string | undefined;

/** A text without quotes behind its key, with a colon in it. */
const COLON = /^\s*(?:- +)*([^\s:][^:]*): +([^"'\s[{&*|>][^#]*: .*?)\s*$/;

/** A key without a space behind its colon. */
const GLUED = /^\s*(?:- +)*([A-Za-z_][\w-]*):(?=[^\s:/])(.*?)\s*$/;

/** A variable without quotes where a brace opens a mapping. */
const BARE_VARIABLE = /[{[,:]\s*(\$\{[^}"']*\})/;

const bareVariable: Words = (line) => {
  const [, variable] = BARE_VARIABLE.exec(line) ?? [];
  return variable && `${variable} needs quotes inside of { } and [ ]: "${variable}"`;
};

const glued: Words = (line) => {
  const [, key, value] = GLUED.exec(line) ?? [];
  return key && `a colon needs a space behind it: ${key}: ${value}`;
};

const noColon: Words = (line) => {
  const [, key] = /^\s*(?:- +)*(\S+)\s*$/.exec(line) ?? [];
  return key && !/[:{}[\]"']/.test(key) ? `a colon is missing: ${key}:` : undefined;
};

const colon: Words = (line) => {
  const [, key, value] = COLON.exec(line) ?? [];
  return key && `a text with a colon and a space in it needs quotes: ${key}: "${value}"`;
};

const reserved: Words = (_, message) => {
  const [, sign] = /(?:character|indicator) (\S)/.exec(message) ?? [];
  return sign && `a text that begins with ${sign} needs quotes`;
};

const indented: Words = (line, message) =>
  /column/.test(message)
    ? `${/sequence/.test(message) ? 'the dashes of one list' : 'the keys of one mapping'} must stand in the same column: ${line.trim()}`
    : undefined;

const WORDS: Partial<Record<YAMLError['code'], readonly Words[]>> = {
  TAB_AS_INDENT: [() => 'a tab stands here, and YAML indents by spaces only'],
  BLOCK_AS_IMPLICIT_KEY: [colon, indented, (line) => `a dash is missing or too many: ${line.trim()}`],
  BAD_INDENT: [bareVariable, indented],
  MULTILINE_IMPLICIT_KEY: [glued, noColon],
  MISSING_CHAR: [
    bareVariable,
    (_, message) => {
      const [, quote] = /closing (["'])/.exec(message) ?? [];
      return quote && `a text begins with ${quote} before this and never ends`;
    },
    (line, message) => (/without -/.test(message) ? `a dash is missing: - ${line.trim()}` : undefined),
    glued,
    noColon,
  ],
  UNEXPECTED_TOKEN: [bareVariable],
  BLOCK_IN_FLOW: [bareVariable],
  BAD_SCALAR_START: [reserved],
  BAD_ALIAS: [() => 'a text that begins with * or & needs quotes'],
  TAG_RESOLVE_FAILED: [() => 'a text that begins with ! needs quotes'],
  MULTIPLE_DOCS: [() => 'a second document begins at this ---; a file holds one scenario'],
};

/** Returns what the parser has against a text, in the words of somebody who writes it. */
export function inOurWords({ code, message }: YAMLError, line: string): string {
  if (/^(?:<{7}|={7}|>{7})/.test(line)) return 'a merge left its mark here';
  for (const words of WORDS[code] ?? []) {
    const told = words(line, message);
    if (told) return told;
  }
  const plain = message.replace(/\s+/g, ' ').trim();
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}
