/** Draws faults, by room: small rooms are looked into as well, and the same seed draws the same faults. */
import { shuffle } from '../test/random.js';

/** A room with more faults than this has at least a twelfth of the sample, up to 25. */
const SMALL = 100;
const MOST = 25;

/**
 * Returns how many faults of each room a sample of `size` has; `rooms` has the faults there are.
 * @param {Map<string, number>} rooms
 * @param {number} size
 */
export function quotas(rooms, size) {
  const total = [...rooms.values()].reduce((sum, count) => sum + count, 0);
  if (size >= total) return new Map(rooms);
  const big = [...rooms].filter(([, count]) => count > SMALL);
  const least = Math.min(MOST, Math.floor(size / 12), Math.floor(size / Math.max(1, big.length)));
  const left = size - least * big.length;
  // The rest in proportion; what a fraction leaves over goes to the largest fractions.
  const shares = [...rooms].map(([room, count]) => {
    const first = count > SMALL ? least : 0;
    const share = (left * (count - first)) / (total - least * big.length);
    return { room, share, taken: first + Math.floor(share) };
  });
  const over = size - shares.reduce((sum, { taken }) => sum + taken, 0);
  const largest = [...shares].sort((a, b) => (b.share % 1) - (a.share % 1) || a.room.localeCompare(b.room));
  for (const each of largest.slice(0, over)) each.taken += 1;
  return new Map(shares.map(({ room, taken }) => [room, taken]));
}

/**
 * Returns the faults by their rooms, rooms in the order of their names.
 * @template {{ room: string }} F
 * @param {F[]} faults
 * @returns {Map<string, F[]>}
 */
export function byRoom(faults) {
  const rooms = [...new Set(faults.map(({ room }) => room))].sort();
  return new Map(rooms.map((room) => [room, faults.filter((fault) => fault.room === room)]));
}

/**
 * Returns a sample of the faults, room by room.
 * @template {{ room: string }} F
 * @param {F[]} faults
 * @param {number} size
 * @param {string | number} seed
 */
export function draw(faults, size, seed) {
  const rooms = byRoom(faults);
  const counts = quotas(new Map([...rooms].map(([room, inside]) => [room, inside.length])), size);
  return [...rooms].flatMap(([room, inside]) => shuffle(inside, `${seed} ${room}`).slice(0, counts.get(room)));
}
