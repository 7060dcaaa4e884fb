/** Draws faults, by room: small rooms are looked into as well, and the same seed draws the same faults. */
import { shuffle } from '../test/random.js';

/** A room with more faults than this has at least a twelfth of the sample, up to 25. */
const SMALL = 100;
const MOST = 25;

/** Returns how many faults of each room a sample of `size` has; `rooms` has the faults there are. */
export function quotas(rooms, size) {
  const total = [...rooms.values()].reduce((sum, count) => sum + count, 0);
  if (size >= total) return new Map(rooms);
  const big = [...rooms].filter(([, count]) => count > SMALL);
  const least = Math.min(MOST, Math.floor(size / 12), Math.floor(size / Math.max(1, big.length)));
  const taken = new Map([...rooms].map(([room, count]) => [room, count > SMALL ? least : 0]));
  const left = size - least * big.length;
  // The rest in proportion; what a fraction leaves over goes to the largest fractions.
  const shares = [...rooms].map(([room, count]) => ({
    room,
    share: (left * (count - taken.get(room))) / (total - least * big.length),
  }));
  for (const { room, share } of shares) taken.set(room, taken.get(room) + Math.floor(share));
  const over = size - [...taken.values()].reduce((sum, count) => sum + count, 0);
  shares.sort((a, b) => (b.share % 1) - (a.share % 1) || a.room.localeCompare(b.room));
  for (const { room } of shares.slice(0, over)) taken.set(room, taken.get(room) + 1);
  return taken;
}

/** Returns the faults by their rooms, rooms in the order of their names. */
export function byRoom(faults) {
  const rooms = new Map([...new Set(faults.map(({ room }) => room))].sort().map((room) => [room, []]));
  for (const fault of faults) rooms.get(fault.room).push(fault);
  return rooms;
}

/** Returns a sample of the faults, room by room. */
export function draw(faults, size, seed) {
  const rooms = byRoom(faults);
  const counts = quotas(new Map([...rooms].map(([room, inside]) => [room, inside.length])), size);
  return [...rooms].flatMap(([room, inside]) => shuffle(inside, `${seed} ${room}`).slice(0, counts.get(room)));
}
