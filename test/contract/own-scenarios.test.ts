import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Library, shippedScenarios } from '../../src/scenario/library.js';
import t from '../tap.js';
import { purchase, startSandbox } from './sandbox.js';

const refusing = (status: number) =>
  `title: It fails\noutcomes:\n  - { on: createSession, fault: { status: ${status} } }\n`;

t.test(
  "a scenario of one's own is read again when it changed, found when it is new, and its mistake is told",
  async (t) => {
    const folder = t.testdir({ 'boots.yaml': refusing(503), 'package.json': '{ "name": "shop" }' });
    const told: string[] = [];
    let now = 0;
    const wall = { now: () => now, monotonic: () => now, later: () => () => {} };
    const library = Library.open(
      [folder, shippedScenarios],
      (line) => told.push(line.replaceAll(`${folder}/`, '')),
      wall,
    );
    const call = (await startSandbox(t, { library, wall })).as('boots');
    const by = (name: string) => {
      now += 1_000;
      return call('createSession', { body: purchase, headers: { 'mock-klarna-scenario': name } });
    };
    t.equal((await by('boots')).status, 503);
    t.equal((await by('f-session-503')).status, 503, 'beside those that ship');
    writeFileSync(join(folder, 'boots.yaml'), refusing(500));
    t.equal((await by('boots')).status, 500);
    mkdirSync(join(folder, 'new'));
    writeFileSync(join(folder, 'new/good.yaml'), refusing(502));
    t.equal((await by('new/good')).status, 502);
    writeFileSync(join(folder, 'new/bad.yaml'), 'title: Bad\noutcomes: [{ on: createSesion, error: NOT_FOUND }]\n');
    const mistake =
      'new/bad.yaml:2:18 "on" is no operation: "createSesion" (did you mean "createSession", Open a session?)';
    const { status, why } = await by('new/bad');
    t.equal(status, 400);
    t.equal(
      why.replaceAll(`${folder}/`, ''),
      `scenario-known: Mock-Klarna-Scenario: given new/bad, which cannot be used: ${mistake}`,
    );
    t.strictSame(told, ['boots.yaml has changed: it was read again', `${mistake}; it is left out`]);
    t.match(await by('package'), { status: 400, why: /given package, which is no scenario/ });
  },
);
