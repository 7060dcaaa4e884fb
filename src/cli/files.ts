import { randomUUID } from 'node:crypto';
import {
  access,
  appendFile,
  constants,
  mkdir,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { otherThanFile } from '../exchange/other-than-file.js';
import { refusedByWindows } from './file-names.js';
import { CannotRun } from './io.js';

/** Files larger than this are not read, in bytes. */
const LARGEST = 64 * 1024 * 1024;

/**
 * Reads a text file that an option names.
 * @throws {CannotRun} when it cannot be read, is too large, or no file
 */
export async function readFileFor(option: string, file: string): Promise<string> {
  const refuse = (why: string) => new CannotRun(`${option}: ${file} ${why}`);
  try {
    const stats = await stat(file);
    const other = otherThanFile(stats);
    if (other !== undefined) throw refuse(`is ${other}, not a file`);
    if (stats.size > LARGEST) throw refuse(`is larger than ${LARGEST / 1024 / 1024} MB`);
    // Editors of Windows and PowerShell put a mark before the text.
    return (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  } catch (error) {
    throw error instanceof CannotRun ? error : refuse(`cannot be read (${codeOf(error)})`);
  }
}

/**
 * Writes a file that an option names, and makes its folders. An existing file is replaced as a whole: it stays as it was
 * until all of the text is on the disk beside it.
 * @param system that of the process; Windows would write a name such as `a:b` to a place where nobody finds it
 * @throws {CannotRun} when it cannot be written
 */
export async function writeFileFor(
  option: string,
  file: string,
  text: string,
  system: string = process.platform,
): Promise<void> {
  const refused = system === 'win32' ? refusedByWindows(file) : undefined;
  if (refused !== undefined)
    throw new CannotRun(`${option}: ${file} cannot be written: ${refused}; choose another name`);
  await orCannotWrite(option, file, async () => {
    await mkdir(dirname(file), { recursive: true });
    if (await isStream(file)) await writeThrough(file, text, writeFile);
    else await writeWhole(file, text);
  });
}

/**
 * Writes a file where none is, and makes its folders.
 * @returns false where one is already, which stays as it is
 * @throws {CannotRun} when it cannot be written
 */
export async function writeNewFileFor(option: string, file: string, text: string): Promise<boolean> {
  let written = true;
  await orCannotWrite(option, file, async () => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      written = false;
    });
  });
  return written;
}

/**
 * Appends to a file that a variable of the environment names.
 * @throws {CannotRun} when it cannot be written
 */
export async function appendFileFor(variable: string, file: string, text: string): Promise<void> {
  await orCannotWrite(variable, file, () => writeThrough(file, text, appendFile));
}

/**
 * Makes a folder that an option names, and those above it.
 * @throws {CannotRun} when it cannot be made
 */
export async function makeFolderFor(option: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new CannotRun(`${option}: ${folder} cannot be made (${codeOf(error)})`);
  }
}

async function orCannotWrite(option: string, file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new CannotRun(`${option}: ${file} cannot be written (${codeOf(error)})`);
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

/**
 * Tells whether a path is that of a pipe or a device, such as `/dev/stdout`, where nothing can be put in the place of
 * what is there.
 * @throws the error of the system where a file is there that may not be written
 */
async function isStream(file: string): Promise<boolean> {
  if (/^\/(?:dev|proc)\//.test(resolve(file))) return true;
  try {
    const stats = await stat(file);
    await access(file, constants.W_OK);
    return !stats.isFile() && !stats.isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Writes a text beside a file and then gives it the file's name and rights. Libraries that do so take over the signals of
 * the process, and one of them stands for a disk that is full.
 */
async function writeWhole(file: string, text: string): Promise<void> {
  const old = await orUndefined(stat(file));
  const target = old ? await realpath(file) : file;
  const beside = join(dirname(target), `.mock-klarna-${randomUUID()}`);
  try {
    const handle = await open(beside, 'wx');
    try {
      if (old) await handle.chmod(old.mode & 0o7777);
      // Only root may give a file to others.
      if (old) await orUndefined(handle.chown(old.uid, old.gid));
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

const orUndefined = <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined);

/** Writes to what is there. A pipe that nobody reads is an error, and not waited for. */
async function writeThrough(
  file: string,
  text: string,
  write: (file: string, text: string) => Promise<void>,
): Promise<void> {
  const probe = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK, 0o666);
  try {
    await write(file, text);
  } finally {
    await probe.close();
  }
}
