import { note } from './notes.js';

const READ_MORE = 'docs/guides/browser-sdk.md of mock-klarna has what there is';

/**
 * Returns something that has every property, to any depth, and no function: a call of any says in one sentence what is not
 * there, in the console and as the error that it throws.
 * @param path how a page names it
 * @param there what is there all the same, by name
 */
export function notThere(path: string, there: Readonly<Record<string, unknown>> = {}): object {
  return new Proxy(() => {}, {
    get(_target, name) {
      // An object with `then` would be taken for a promise.
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined;
      return Object.hasOwn(there, name) ? there[name] : notThere(`${path}.${name}`);
    },
    apply() {
      const sentence = `${path}() is not there yet: the sandbox has Klarna Payments, not Klarna’s Web SDK; ${READ_MORE}`;
      note(sentence);
      throw new Error(`mock-klarna: ${sentence}.`);
    },
  });
}

/** Says once what a page gets that starts the Web SDK. */
export function greet(version: string): void {
  note(
    `the Web SDK ${version} is a stand-in whose calls say what is not there yet, but for on-site messaging; ${READ_MORE}`,
  );
}
