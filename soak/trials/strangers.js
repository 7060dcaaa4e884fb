// Strangers who drip for a whole round, beside everything else: they are cut off in time.
import { greatest, none } from '../figures.js';
import { CREATE, drip, endlessBody, openMany } from '../open-many.js';

const EACH = 10;

/** When a stranger is cut off at the latest, in milliseconds: what is promised, and what it takes to notice. */
const KINDS = {
  'headers that never end': { begin: () => CREATE, latest: 75_000 },
  'bodies that never end, without credentials': { begin: () => endlessBody(1), latest: 20_000 },
  'bodies that never end': { begin: () => endlessBody(0), latest: 75_000 },
};

const isOpen = (socket) => !socket.destroyed && socket.readyState === 'open';

/** Begins to drip. Returns how it is ended: with how long the last of each kind was borne, as far as there was time to tell. */
export async function strangers(url) {
  const began = performance.now();
  const kinds = [];
  for (const [name, { begin, latest }] of Object.entries(KINDS)) {
    const { sockets, close } = await openMany(EACH, url, begin);
    let last = 0;
    for (const socket of sockets) {
      socket.on('close', () => {
        last = Math.max(last, performance.now() - began);
      });
    }
    kinds.push({ name, latest, sockets, close, stop: drip(sockets), borne: () => last });
  }
  return () =>
    kinds.flatMap(({ name, latest, sockets, close, stop, borne }) => {
      stop();
      const held = performance.now() - began;
      const left = sockets.filter(isOpen).length;
      const longest = left > 0 ? held : borne();
      close();
      const figure = greatest(`${name}: the last was cut off after`, longest / 1_000, 's');
      if (held < latest) return left > 0 ? [] : [figure];
      const still = Array(left).fill(`still connected after ${Math.round(held / 1_000)} s`);
      return [figure, none(`${name}: not cut off`, still)];
    });
}
