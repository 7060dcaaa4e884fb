import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { headers } from './purchase.js';

/** More connections than ever wait at once at half load. */
const CONNECTIONS = 50;

/** The time before a request is due that is too short for a timer, in milliseconds. */
const TIMER = 2;

/**
 * Sends requests at an even pace, however long the answers take. Returns the milliseconds of each answer, counted from the
 * moment at which its request was due, so that a server that stands still is not spared the requests of that time.
 */
export async function pace(url, { method, path, body, status, ...step }, rate, seconds) {
  const pool = new Pool(url, { connections: CONNECTIONS });
  const request = { method, path, headers: { ...headers, ...step.headers }, body: JSON.stringify(body) };
  const times = [];
  const pending = [];
  let mistake;
  const send = async (due) => {
    const answer = await pool.request(request);
    await answer.body.dump();
    if (answer.statusCode !== status) throw new Error(`${url}${path}: expected ${status}, got ${answer.statusCode}`);
    times.push(performance.now() - due);
  };
  const begin = performance.now();
  for (let sent = 0; sent < rate * seconds; ) {
    const due = begin + (sent / rate) * 1_000;
    const early = due - performance.now();
    if (early > 0) {
      // A timer would come up to a millisecond late.
      await (early > TIMER ? sleep(early - TIMER) : new Promise(setImmediate));
      continue;
    }
    pending.push(
      send(due).catch((error) => {
        mistake ??= error;
      }),
    );
    sent++;
  }
  await Promise.all(pending);
  await pool.close();
  if (mistake) throw mistake;
  return times;
}
