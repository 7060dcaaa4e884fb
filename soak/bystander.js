// A thread of its own that asks at an even pace, and is measured: what the clients beside it do does not keep it waiting.
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { pace } from '../bench/pace.js';

/**
 * Returns the milliseconds of each answer to a bystander.
 * @param {string} url
 * @param {object} step as the benchmark has them
 * @param {number} rate requests a second
 * @param {number} seconds
 * @returns {Promise<number[]>}
 */
export function bystand(url, step, rate, seconds) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { url, step, rate, seconds } });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (parentPort) {
  const { url, step, rate, seconds } = workerData;
  parentPort.postMessage(await pace(url, step, rate, seconds));
}
