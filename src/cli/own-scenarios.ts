import { type Library, openLibrary } from '../scenario/library.js';
import { NoScenario } from '../scenario/problem.js';
import type { Io } from './io.js';
import { CannotRun } from './io.js';

/**
 * Opens the scenarios that ship, and before them those in the folders of `--scenarios`.
 * @throws {CannotRun} when one is no folder
 */
export function openScenarios(folders: readonly string[] | undefined, { stderr }: Pick<Io, 'stderr'>): Library {
  try {
    return openLibrary(folders, (line) => void stderr.write(`mock-klarna: ${line}\n`));
  } catch (error) {
    throw error instanceof NoScenario ? new CannotRun(`--scenarios: ${error.message}`) : error;
  }
}
