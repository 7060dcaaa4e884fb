import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { replayScenarios } from '../../src/replay/replay.js';
import { renderVerdict } from '../../src/replay/report.js';
import { readScenarios } from '../../src/scenario/files.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import t, { type Test } from '../tap.js';
import { startSandbox } from './sandbox.js';

// Reading them checks them: a mistake in any of them ends the test here.
const scenarios = await readScenarios(['scenarios']);

/** Plays scenarios on a server of the test. */
async function play(t: Test, played: readonly Scenario[]) {
  const { url } = await startSandbox(t, { seed: 'scenarios' });
  return replayScenarios(played, { url, username: 'scenarios', password: 'secret' }, { seed: 'scenarios' });
}

interface Content {
  shopper?: object;
  outcomes?: object[];
  callbacks?: object[];
}

/** What a scenario's file says, once for each part of its script with that part taken away. */
function deprived({ path }: Scenario): [part: string, content: Content][] {
  const content = parse(readFileSync(path, 'utf8'), { merge: true }) as Content;
  const { shopper, ...rest } = content;
  const fewer = (['outcomes', 'callbacks'] as const).flatMap((part) =>
    (content[part] ?? []).map((_, index, all): [string, Content] => [
      `${part}-${index}`,
      { ...content, [part]: all.toSpliced(index, 1) },
    ]),
  );
  return shopper ? [['shopper', rest], ...fewer] : fewer;
}

t.test('every scenario that ships goes well', async (t) => {
  for (const result of await play(t, scenarios)) t.ok(result.passed, renderVerdict(result));
});

t.test('with the shopper, an outcome or a rule for callbacks taken away, something is not as expected', async (t) => {
  const files: Record<string, string> = {};
  for (const scenario of scenarios) {
    for (const [part, content] of deprived(scenario)) {
      files[`${scenario.name.replaceAll('/', '.')} without ${part}.json`] = JSON.stringify(content);
    }
  }
  const results = await play(t, await readScenarios([t.testdir(files)]));
  t.ok(results.length >= 40);
  for (const { scenario, passed, steps } of results) {
    const noticed = !passed && (steps.at(-1)?.mismatches.length ?? 0) > 0;
    t.ok(noticed, `${scenario.name}: an expectation notices`);
  }
});

t.test('there are enough of them, each with a name, an alias and a source of its own', (t) => {
  t.ok(scenarios.length >= 40, `${scenarios.length}`);
  const names = scenarios.flatMap(({ name, alias }) => [name, alias ?? `${name} has no alias`]);
  t.equal(new Set(names).size, names.length, 'no name or alias stands for two scenarios');
  const incomplete = scenarios.filter(
    ({ alias, source, evidence, steps, market, tags }) =>
      !(alias && (source || evidence === 'inferred') && steps.length > 0 && market && tags.length > 0),
  );
  t.strictSame(
    incomplete.map(({ name }) => name),
    [],
    'each has an alias, a source unless it is inferred, steps, a market and tags',
  );
  t.equal(new Set(scenarios.map(({ title }) => title)).size, scenarios.length, 'no two titles are the same');
  t.end();
});

t.test('the page that lists them is up to date', (t) => {
  execFileSync(process.execPath, ['scripts/generate-scenarios-page.js', '--check'], { stdio: 'pipe' });
  t.end();
});
