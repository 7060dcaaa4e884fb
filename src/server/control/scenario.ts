import { answer, badValue, type Refused } from '../../klarna/decision.js';
import { renderProblem, ScenarioError } from '../../scenario/problem.js';
import { readAhead } from '../../scenario/read-ahead.js';
import { ScenarioRun } from '../../scenario/run.js';
import type { Scenario } from '../../scenario/scenario.js';
import { scenarioName } from '../../scenario/scenario-file.js';
import { dataSize, textSize } from '../../store/sizes.js';
import type { Handlers } from '../call.js';
import type { Scenarios } from '../scenarios.js';
import { chosenScenario, setScenario } from '../world/chosen-scenario.js';

/** Bytes that a scenario takes for each of its text, with what is made of it. */
const GROWTH = 4;

/** A scenario file as the client read it. */
interface GivenFile {
  path: string;
  text: string;
}

/** The body of a request to choose a scenario; exactly one field is allowed. */
interface Choice {
  name?: string;
  inline?: object;
  file?: GivenFile;
}

/** Reads a scenario file from a request; a refusal gives the place of each mistake in it. */
export async function readGiven(field: string, { path, text }: GivenFile): Promise<Scenario | Refused> {
  const name = scenarioName(path);
  const ahead = readAhead(Buffer.from(text), path, name);
  if (ahead) return ahead.scenario;
  // Loaded at first use: most servers never read one.
  const { readScenario } = await import('../../scenario/read.js');
  return orRefused(field, () => readScenario(text, path, name));
}

async function readObject(field: string, content: object): Promise<Scenario | Refused> {
  const { readInline } = await import('../../scenario/inline.js');
  return orRefused(field, () => readInline(content));
}

/** Returns the scenario that is read, or the refusal of one with mistakes. */
function orRefused(field: string, read: () => Scenario): Scenario | Refused {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return badValue([{ rule: 'scenario-known', field, text: error.problems.map(renderProblem).join('; ') }]);
  }
}

function choose({ name, inline, file }: Choice, scenarios: Scenarios): Promise<Scenario | Refused> {
  if (file) return readGiven('file', file);
  if (inline) return readObject('inline', inline);
  return scenarios.find(name as string, 'name');
}

/** Handlers of the control API for the scenario of a merchant. */
export function scenarioApi(scenarios: Scenarios): Handlers<'readScenario' | 'chooseScenario' | 'endScenario'> {
  return {
    readScenario: ({ world }) => answer(200, chosenScenario(world)),

    async chooseScenario({ world, body }) {
      const [first, ...others] = Object.keys(body);
      if (others.length > 0) {
        const text = `${others.join(', ')}: given beside ${first}, expected one of name, inline, file`;
        return badValue([{ rule: 'scenario-known', field: String(others[0]), text }]);
      }
      const scenario = await choose(body, scenarios);
      if ('refusal' in scenario) return scenario;
      // One of the library is shared by all.
      const { file, inline } = body;
      const size = file ? textSize(file.text) : dataSize(inline);
      setScenario(world, new ScenarioRun(scenario), size === 0 ? undefined : GROWTH * size);
      return answer(200, chosenScenario(world));
    },

    endScenario({ world }) {
      setScenario(world, undefined);
      return answer(204);
    },
  };
}
