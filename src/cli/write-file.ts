import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CannotRun } from './cannot-run.js';

/**
 * Writes a file that an option names, folders on the way included; one that is there is written anew.
 * @throws {CannotRun} when it cannot be written
 */
export async function writeFileFor(option: string, file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    throw new CannotRun(`${option}: ${file} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
