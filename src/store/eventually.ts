/** A value or a promise of it: a store in memory answers at once, others later. */
export type Eventually<T> = T | Promise<T>;

/**
 * Work in steps: a generator that yields each promise whose value it needs, and goes on with that value. Where every
 * value is there at once, it never yields, and is done without a promise.
 */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>;

/** Takes a value within work in steps: `const order = yield* wait(store.read('order', id))`. */
export function* wait<T>(value: Eventually<T>): Steps<T> {
  return value instanceof Promise ? ((yield value) as T) : value;
}

/** Does work in steps. The result is there at once unless a step waited for a promise. */
export function perform<T>(steps: Steps<T>): Eventually<T> {
  const { done, value } = steps.next();
  return done ? value : goOn(steps, value);
}

async function goOn<T>(steps: Steps<T>, first: Promise<unknown>): Promise<T> {
  for (let awaited = first; ; ) {
    const { done, value } = await awaited.then(
      (given) => steps.next(given),
      (error) => steps.throw(error),
    );
    if (done) return value;
    awaited = value;
  }
}
