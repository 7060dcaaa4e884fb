// The commands that leave files, and what they are given to do.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../bench/servers.js';
import { startCommand } from './command.js';
import { Shop } from './shop.js';

const reports = (folder) =>
  ['html=report.html', 'json=report.json', 'junit=junit.xml', 'md=report.md', 'sarif=report.sarif']
    .map((each) => each.replace('=', `=${folder}/`))
    .join(',');

/** Arguments of the commands that leave files in a folder and end by themselves, by name. */
export const leaving = {
  report: (folder, { url, merchant }) => [
    'report',
    ...['--url', url, '--merchant', merchant, '--report', reports(folder)],
    ...['--pact', join(folder, 'pact.json'), '--write-baseline', join(folder, 'baseline.json')],
  ],
  save: (folder, { url, merchant }) => [
    'save',
    '--target',
    url,
    '--merchant',
    merchant,
    '--out',
    join(folder, 'saved.yaml'),
  ],
  replay: (folder, { url }) => [
    'replay',
    ...['--target', url, '--username', 'replayed', '--report', `html=${folder}/replay.html,json=${folder}/replay.json`],
    'declines/charge-failed',
  ],
};

/** How long a recorder may take until it listens, in milliseconds, if it does not say so. */
const LISTENS = 5_000;

/** Starts the recorder before a stand-in. Returns its command, and a shop that buys through it. */
export async function startRecorder(folder, { url, agent, operations }, how) {
  const port = await freePort();
  const command = startCommand(['record', '--target', url, '--out', folder, '--port', String(port), '--quiet'], how);
  const listens = await Promise.race([command.printed('records http'), sleep(LISTENS, false)]);
  const shop = (seen) => new Shop({ agent, operations, url: `http://127.0.0.1:${port}` }, 'recorded', seen);
  return { command, listens, shop };
}
