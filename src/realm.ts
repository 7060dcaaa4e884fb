import { types } from 'node:util';

type Callable = (...given: unknown[]) => unknown;
type ErrorClass = new (...given: unknown[]) => Error;

/**
 * Returns a library of another realm as one of this realm: what its functions return are copies made of the classes here, and
 * what they throw are errors of them, so that a test may compare both with its own.
 *
 * A realm is a set of globals: `Object` there is not `Object` here. Test runners such as Jest give each test file its own.
 */
export function fromRealm<Library extends object>(library: Library): Library {
  const classes = new Map<unknown, ErrorClass>();
  for (const value of Object.values(library)) if (isErrorClass(value)) classes.set(value, counterpart(value));

  const adoptError = (error: Error): Error => {
    for (const [name, field] of Object.entries(error)) Object.assign(error, { [name]: adopt(field) });
    const named = (globalThis as Record<string, unknown>)[error.name];
    const kind = classes.get(error.constructor) ?? (isErrorClass(named) ? named : Error);
    return Object.setPrototypeOf(error, kind.prototype);
  };

  const adoptFunction =
    (there: Callable): Callable =>
    (...given) => {
      try {
        return adopt(there(...given));
      } catch (error) {
        throw adopt(error);
      }
    };

  const adoptPromise = (there: Promise<unknown>) =>
    new Promise((resolve, reject) => {
      there.then(
        (value) => resolve(adopt(value)),
        (error) => reject(adopt(error)),
      );
    });

  async function* adoptIterator(there: AsyncIterable<unknown>) {
    try {
      for await (const value of there) yield adopt(value);
    } catch (error) {
      throw adopt(error);
    }
  }

  const adopt = (value: unknown): unknown => {
    if (typeof value === 'function') return classes.get(value) ?? adoptFunction(value as Callable);
    if (types.isPromise(value)) return adoptPromise(value);
    if (types.isNativeError(value)) return adoptError(value);
    if (Array.isArray(value)) return Array.from(value, adopt);
    if (typeof value === 'object' && value && Symbol.asyncIterator in value) return adoptIterator(value as never);
    if (!isPlain(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, adopt(field)]));
  };

  return adopt(library) as Library;
}

/** Tells whether an object has no class of its own, in whatever realm. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const parent = Object.getPrototypeOf(value);
  return parent === null || Object.getPrototypeOf(parent) === null;
}

function isErrorClass(value: unknown): value is ErrorClass {
  if (typeof value !== 'function') return false;
  for (let each = value.prototype; each; each = Object.getPrototypeOf(each)) {
    if (each.constructor.name === 'Error') return true;
  }
  return false;
}

/** Returns the class of this realm that stands for one of another: it makes the same errors. */
function counterpart(there: ErrorClass): ErrorClass {
  const { name } = there;
  const here = {
    [name]: class extends Error {
      constructor(...given: unknown[]) {
        const made = new there(...given);
        super(made.message);
        Object.defineProperties(this, Object.getOwnPropertyDescriptors(made));
      }
    },
  };
  return here[name] as ErrorClass;
}
