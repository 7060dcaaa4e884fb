// Commands that leave files where the disk is full: what stood there before stays, or what comes is whole.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mistakeOf, runCommand } from '../command.js';
import { counted, none } from '../figures.js';
import { faultOf } from '../judge.js';
import { leaving, startRecorder } from '../results.js';
import { Shop } from '../shop.js';
import { smallDisk } from '../small-disk.js';
import { cutOff, filesIn, isResult } from '../whole.js';

const MERCHANT = 'disk';

/** Number of purchases in the files written while there is room, and number of further ones when there is none. */
const FEW = 1;
const MANY = 25;

async function buy(shop, times) {
  for (let left = times; left > 0; left--) await shop.buy();
}

/** Returns what became of the files of a folder: those that are cut off, those that are gone, those left half-done. */
function compare(before, after) {
  const left = [...after.keys()].filter((name) => !isResult(name) && !before.has(name) && name !== 'filler');
  return {
    broken: cutOff(after),
    gone: [...before.keys()].filter((name) => isResult(name) && !after.has(name)),
    left,
  };
}

/** Runs each command once with room and once without, and looks at what it left. */
export async function disk({ standIn, agent, operations, work }) {
  const room = await smallDisk(work);
  if (!room) {
    return [counted('skipped: nobody may make a small file system here, or limit the size of files', 0)];
  }
  const world = { url: standIn.url, agent, operations, merchant: MERCHANT };
  const found = { broken: [], gone: [], mistakes: [], refused: [] };
  let written = 0;
  let commands = 0;
  const judge = (name, ended, before, after) => {
    commands++;
    const mistake = mistakeOf(ended);
    if (mistake) found.mistakes.push(`${name}: ${mistake}`);
    const { broken, gone } = compare(before, after);
    found.broken.push(...broken.map((file) => `${name} left ${file}`));
    found.gone.push(...gone.map((file) => `${name} took ${file} away`));
    written += after.size;
  };
  try {
    const shop = new Shop(world, MERCHANT);
    await buy(shop, FEW);
    const folders = Object.fromEntries(
      await Promise.all(
        [...Object.keys(leaving), 'record'].map(async (name) => {
          const folder = join(room.folder, name);
          await mkdir(folder);
          return [name, folder];
        }),
      ),
    );
    const before = {};
    for (const [name, args] of Object.entries(leaving)) {
      const ended = await runCommand(args(folders[name], world));
      before[name] = await filesIn(folders[name]);
      judge(`${name} with room`, ended, new Map(), before[name]);
    }
    before.record = await recordOnce(folders.record, world, FEW, {}, found, judge, new Map());
    await buy(shop, MANY);
    await room.fill();
    for (const [name, args] of Object.entries(leaving)) {
      const ended = await runCommand(args(folders[name], world), { wrap: room.wrap });
      judge(`${name} without`, ended, before[name], await filesIn(folders[name]));
    }
    await recordOnce(folders.record, world, MANY, { wrap: room.wrap }, found, judge, before.record);
  } finally {
    room.close();
  }
  return [
    counted(`commands before ${room.kind} and in it`, commands),
    counted('files looked at', written),
    none('files that are cut off', found.broken),
    none('files that were whole before and are gone', found.gone),
    none('commands that ended badly', found.mistakes),
    none('answers that the recorder spoiled', found.refused),
  ];
}

/** Records some purchases. Returns the files that the recorder left. */
async function recordOnce(folder, world, times, how, found, judge, before) {
  const { command, listens, shop } = await startRecorder(folder, world, how);
  if (listens) {
    const look = (answer, { name }) => {
      if (faultOf(answer))
        found.refused.push(`${name}: ${answer.error?.code ?? answer.status} ${answer.text ?? ''}`.slice(0, 200));
    };
    await buy(shop(look), times);
    command.child.kill('SIGINT');
  }
  const ended = await command.end();
  const after = await filesIn(folder);
  judge(how.wrap ? 'record without' : 'record with room', ended, before, after);
  return after;
}
