// kill -9 while files are written and requests are under way: what is left on disk is whole, and the next start goes well.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf } from '../../scripts/test/random.js';
import { mistakeOf, runCommand, startCommand } from '../command.js';
import { crowd } from '../crowd.js';
import { counted, greatest, none } from '../figures.js';
import { leaving, startRecorder } from '../results.js';
import { connections } from '../send.js';
import { Shop } from '../shop.js';
import { startStandIn } from '../stand-in.js';
import { cutOff, filesIn, isResult } from '../whole.js';

const MERCHANT = 'killed';

/** The most commands that are killed in a round. */
const MOST = 60;

/** The longest that a command is let live, in milliseconds. */
const LIFE = 1_500;

/** Kills commands at one moment or another. Returns figures on what they left. */
export async function kills({ standIn, agent, operations, work, seed, seconds, round }) {
  const random = randomOf(`${seed} kills`);
  const world = { url: standIn.url, agent, operations, merchant: MERCHANT };
  const found = { broken: [], gone: [], mistakes: [] };
  const folder = join(work, `kills-${round}`);
  const folders = Object.fromEntries(
    [...Object.keys(leaving), 'record', 'own'].map((name) => [name, join(folder, name)]),
  );
  for (const each of Object.values(folders)) await mkdir(each, { recursive: true });
  const shop = new Shop(world, MERCHANT);
  for (let left = 20; left > 0; left--) await shop.buy();

  const judge = (name, before, after) => {
    found.broken.push(...cutOff(after).map((file) => `${name} left ${file}`));
    for (const file of before.keys())
      if (isResult(file) && !after.has(file)) found.gone.push(`${name} took ${file} away`);
  };
  let killed = 0;
  const names = ['record', 'report', 'finish', 'save', 'replay'];
  const known = {};
  // The first of each kind is let live, so that there is something to lose.
  for (const [name, args] of Object.entries(leaving)) {
    note(name, await runCommand(args(folders[name], world)));
    known[name] = await filesIn(folders[name]);
  }
  const end = performance.now() + seconds * 1_000;
  for (; killed < MOST && performance.now() < end; killed++) {
    const name = names[killed % names.length];
    const life = random() * LIFE;
    if (name in leaving) {
      const command = startCommand(leaving[name](folders[name], world));
      await kill(command, life);
      judge(name, known[name], await filesIn(folders[name]));
    } else {
      await killRecorder(folders.record, world, life, name === 'finish');
      judge('record', known.record ?? new Map(), await filesIn(folders.record));
    }
    if (name !== 'finish') continue;
    note('record after kills', await recordWhole(folders.record, world));
    known.record = await filesIn(folders.record);
    judge('record after kills', new Map(), known.record);
  }
  const own = await killUnderLoad(folders.own, operations);
  return [
    counted('commands killed', killed),
    none('files that are cut off', found.broken),
    none('files that were whole before and are gone', found.gone),
    none('commands that ended badly afterwards', found.mistakes),
    ...own,
  ];

  function note(name, ended) {
    const mistake = mistakeOf(ended);
    if (mistake) found.mistakes.push(`${name}: ${mistake}`);
  }
}

async function kill(command, life) {
  await Promise.race([sleep(life), command.ended]);
  command.child.kill('SIGKILL');
  return command.ended;
}

/** Kills a recorder while a shop buys through it, or while it finishes. */
async function killRecorder(folder, world, life, finishing) {
  const { command, listens, shop } = await startRecorder(folder, world);
  if (!listens) return kill(command, 0);
  const until = performance.now() + Math.min(life, 700);
  await crowd({ workers: 2, until, most: 40 }, async () => void (await shop().buy()));
  if (!finishing) {
    const buying = shop().buy();
    await kill(command, 20);
    return buying;
  }
  command.child.kill('SIGINT');
  return kill(command, life / 4);
}

/** Records one purchase where killed recorders left what they had. */
async function recordWhole(folder, world) {
  const { command, listens, shop } = await startRecorder(folder, world);
  if (listens) {
    await shop().buy();
    command.child.kill('SIGINT');
  }
  return command.ended;
}

/** Kills a stand-in under load, and starts another. Returns figures on what it left, and on the next start. */
async function killUnderLoad(folder, operations) {
  const first = await startStandIn({ cwd: folder });
  const agent = connections(4);
  const shop = new Shop({ agent, url: first.url, operations }, MERCHANT);
  const load = { workers: 4, until: performance.now() + 1_000, most: 200 };
  const buying = crowd(load, async () => void (await shop.buy()));
  await sleep(500);
  first.kill();
  await buying;
  await agent.destroy();
  const second = await startStandIn({ cwd: folder });
  await second.stop();
  const left = await readdir(folder);
  return [greatest('stand-ins killed under load', 1, ''), none('files that they left where they ran', left)];
}
