import {
  isAlias,
  isMap,
  isScalar,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLSeq,
} from 'yaml';
import { Nesting } from '../exchange/nesting.js';
import type { Located } from './located-value.js';
import { inOurWords } from './parser-words.js';
import { didYouMean, type Position, type Problem, ScenarioError } from './problem.js';

/** Largest number of values, and depth, of a document: enough for any scenario, too little for an alias bomb. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 100;
/** Largest number of tokens in a text: the parser is slow on hostile ones. */
const MAX_TOKENS = 250_000;

/**
 * Reads YAML (JSON is YAML) into values with their line and column. Aliases and merge keys are resolved.
 * @throws ScenarioError
 */
export function locate(text: string, path: string): Located {
  const lineCounter = new LineCounter();
  const locator = new Locator(path, (offset) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  });
  locator.lookAhead(text);
  // Duplicate keys are found below, since the parser compares each key with every other.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true, uniqueKeys: false });
  // Later mistakes mostly follow from the first.
  for (const mistake of [...document.errors, ...document.warnings].slice(0, 1)) {
    const { offset, message } = inOurWords(mistake, text);
    locator.report(offset, message);
  }
  return locator.locateAll(document.contents);
}

class Locator {
  readonly #path: string;
  readonly #position: (offset: number) => Position;
  readonly #problems: Problem[] = [];
  readonly #anchors = new Map<string, Node>();
  readonly #done = new Map<Node, Located>();
  readonly #open = new Set<Node>();

  constructor(path: string, position: (offset: number) => Position) {
    this.#path = path;
    this.#position = position;
  }

  report(offset: number, message: string): void {
    this.#problems.push({ path: this.#path, ...this.#position(offset), message });
  }

  /** Refuses texts on which the parser would be slow, or so deeply nested that it would run out of stack. */
  lookAhead(text: string): void {
    const nesting = new Nesting();
    let tokens = 0;
    for (const token of new Lexer().lex(text)) {
      if (++tokens > MAX_TOKENS) throw this.#unreadable(0, `the file holds more than ${MAX_TOKENS} words and signs`);
      nesting.take(token);
      if (nesting.depth > 2 * MAX_DEPTH) throw this.#unreadable(0, 'the file is nested too deep to be read');
    }
  }

  locateAll(root: Node | null): Located {
    this.#refuseProblems();
    if (root === null) throw this.#unreadable(0, 'the file is empty');
    const located = this.#locate(root, 0);
    this.#refuseProblems();
    return located;
  }

  #refuseProblems(): void {
    if (this.#problems.length > 0) throw new ScenarioError(this.#problems);
  }

  /** Reports a problem after which reading cannot go on, and returns the error to throw. */
  #unreadable(offset: number, message: string): ScenarioError {
    this.report(offset, message);
    return new ScenarioError(this.#problems);
  }

  #locate(node: Node, depth: number): Located {
    const known = this.#done.get(node);
    if (known) return known;
    const offset = offsetOf(node);
    if (depth > MAX_DEPTH) throw this.#unreadable(offset, `values are nested more than ${MAX_DEPTH} deep`);
    if (this.#open.has(node)) throw this.#unreadable(offset, 'an alias stands inside its own anchor');
    this.#open.add(node);
    const located = this.#read(node, this.#position(offset), depth + 1);
    this.#open.delete(node);
    if (located.size > MAX_VALUES) {
      throw this.#unreadable(offset, `more than ${MAX_VALUES} values once the aliases are put in`);
    }
    this.#done.set(node, located);
    return located;
  }

  #read(node: Node, at: Position, depth: number): Located {
    if (isAlias(node)) {
      // An anchor holds for the aliases after it; nodes are visited in the order of the file.
      const target = this.#anchors.get(node.source);
      if (!target) {
        const hint = didYouMean(node.source, this.#anchors.keys());
        throw this.#unreadable(offsetOf(node), `no anchor &${node.source} stands before this alias${hint}`);
      }
      return { ...this.#locate(target, depth), at };
    }
    const { anchor } = node as { anchor?: string };
    if (anchor) this.#anchors.set(anchor, node);
    if (isScalar(node)) return this.#scalar(node, at);
    if (isMap<Node, Node | null>(node)) return mapping(at, this.#entries(node.items, depth));
    const items = (node as YAMLSeq<Node>).items.map((item) => this.#locate(item, depth));
    return { at, items, value: items.map(({ value }) => value), size: total(items) };
  }

  #scalar(node: Scalar, at: Position): Located {
    const { value, source = '' } = node;
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) this.report(offsetOf(node), 'a number must be finite');
      // Codes and telephone numbers, which would lose it.
      else if (/^[+-]?0\d/.test(source))
        this.report(offsetOf(node), `${source} is read as ${value}; write "${source}"`);
    }
    return { at, value, size: 1 };
  }

  #entries(pairs: Pair<Node, Node | null>[], depth: number): NonNullable<Located['entries']> {
    const entries: NonNullable<Located['entries']> = new Map();
    const merged: { offset: number; source: Located }[] = [];
    for (const pair of pairs) {
      const offset = offsetOf(pair.key);
      const key = this.#position(offset);
      const node = pair.value === null ? { at: key, value: null, size: 1 } : this.#locate(pair.value, depth);
      const name = isScalar(pair.key) ? nameOf(pair.key) : undefined;
      if (typeof name === 'symbol') merged.push(...sources(node).map((source) => ({ offset, source })));
      else if (name === undefined) this.report(offset, 'a key must be plain text');
      else if (entries.has(String(name))) {
        const { line } = (entries.get(String(name)) as { key: Position }).key;
        this.report(offset, `the key ${JSON.stringify(name)} stands here twice, first in line ${line}`);
      } else entries.set(String(name), { key, node });
    }
    for (const { offset, source } of merged) {
      if (!source.entries) this.report(offset, 'only a mapping can be merged in with <<');
      for (const [name, entry] of source.entries ?? []) if (!entries.has(name)) entries.set(name, entry);
    }
    return entries;
  }
}

/** Returns the offset of a node; the parser gives every node of a file a range. */
const offsetOf = (node: Node): number => (node.range as [number, number, number])[0];

/** Returns the name of a key. YAML 1.1, which a file can ask for, takes `on` for a truth value. */
const nameOf = ({ value, source }: Scalar): unknown => (typeof value === 'boolean' ? source : value);

/** Returns the mappings that `<<` merges in: one, or a list of them. */
const sources = (node: Located): Located[] => node.items ?? [node];

function mapping(at: Position, entries: NonNullable<Located['entries']>): Located {
  const value = Object.fromEntries([...entries].map(([name, { node }]) => [name, node.value]));
  return { at, entries, value, size: total([...entries.values()].map(({ node }) => node)) };
}

const total = (parts: Located[]): number => parts.reduce((sum, { size }) => sum + size, 1);
