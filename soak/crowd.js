/**
 * Lets so many workers do the same at once, again and again, until the time is over or it was done so often.
 * @param {(worker: number, turn: number) => Promise<void>} work
 * @returns {Promise<number>} how often it was done
 */
export async function crowd({ workers, until, most }, work) {
  let done = 0;
  const run = async (worker) => {
    for (let turn = 0; performance.now() < until && done < most; turn++) {
      done++;
      await work(worker, turn);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => run(worker)));
  return done;
}
