/** How long a test waits for what happens in its own time, on a machine that may be busy. */
const PATIENCE = 60_000;

/** Waits until something holds, and fails if it never does. */
export async function until(holds: () => unknown, what: string): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${PATIENCE / 1_000} s for ${what}`);
    await new Promise(setImmediate);
  }
}
