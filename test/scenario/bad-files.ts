const good = 'title: Good\nevidence: inferred\nshopper: { result: denied }\n';

/** A list of lists of lists: a few lines that stand for millions of values. */
function bomb(): string {
  const names = [...'abcdefghij'];
  const lines = names.map((name, at) => `${name}: &${name} [${`${at === 0 ? 'x' : `*${names[at - 1]}`},`.repeat(9)}]`);
  return `${lines.join('\n')}\n`;
}

/** Files that nobody can use, each with what is said of it, whether it should be a scenario or say who may call. */
export const badFiles: Record<string, { content: string | Buffer; says: RegExp }> = {
  'of 10 MB': { content: `${good}# ${'x'.repeat(10 * 1024 * 1024)}\n`, says: /holds more than 1 MB \(\d+ bytes\)/ },
  'of too many words': { content: 'a: 1\n'.repeat(100_000), says: /holds more than 250000 words and signs/ },
  'with anchors that explode': { content: good + bomb(), says: /more than 100000 values once the aliases are put in/ },
  'with a cycle': {
    content: `${good}steps: &steps [{ createSession: { body: *steps } }]\n`,
    says: /alias .* own anchor/,
  },
  'nested too deep': { content: `${good}x: ${'['.repeat(50_000)}${']'.repeat(50_000)}`, says: /nested too deep/ },
  'that is not UTF-8': { content: Buffer.from('title: Caf\xe9\nevidence: inferred\n', 'latin1'), says: /is not UTF-8/ },
  'that is UTF-16': { content: Buffer.from(`\ufeff${good}`, 'utf16le'), says: /is not UTF-8/ },
};

/** Names that would lead out of a folder, were they paths. */
export const paths = [
  '../good',
  '/etc/passwd',
  '..%2fgood',
  '%2e%2e/good',
  '..\\good',
  './a',
  'a/../good',
  '__proto__',
];
