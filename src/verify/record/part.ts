import { closeSync, ftruncateSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isFields } from '../../exchange/fields.js';
import type { Unjudged } from '../../exchange/recorded.js';
import { type KeptExchange, RecordingJournal } from './journal.js';

/** The name of the file of a recording that is under way. */
export const PART = 'recording.part';
/** The name of the file with the exchanges before those in it. */
const EARLIER = 'recording.part.1';

/** Bytes from which another file is begun: so many hold all that a recording keeps at its end. */
const LONG = 128 * 1024 * 1024;

/** The first line of a file: what the exchanges below it are of. */
interface Head {
  target: string;
  /** Number of exchanges before the first of this file. */
  before: number;
}

/** The recording of a run that did not end: its exchanges, and what of it cannot be read. */
export interface LeftOver {
  target: URL;
  journal: RecordingJournal;
  lost: Unjudged[];
}

/**
 * A recording on the disk while it goes on: each exchange is a line, written before the next one comes. So what was
 * recorded stays when the process is killed. It is for the owner's eyes alone, since people are still in it.
 */
export class RecordingPart {
  readonly #folder: string;
  readonly #target: string;
  readonly #long: number;
  #file: number;
  #bytes = 0;
  #count = 0;

  private constructor(folder: string, target: string, long: number) {
    this.#folder = folder;
    this.#target = target;
    this.#long = long;
    this.#file = this.#open();
  }

  /**
   * Begins a recording in a folder.
   * @throws the error of the system; EEXIST where a recording is under way or was left
   */
  static begin(folder: string, target: URL, { long = LONG } = {}): RecordingPart {
    return new RecordingPart(folder, target.href, long);
  }

  /** Deletes the recording of a folder. */
  static remove(folder: string): void {
    for (const name of [EARLIER, PART]) rmSync(join(folder, name), { force: true });
  }

  /**
   * Adds an exchange.
   * @throws the error of the system, such as ENOSPC; only this exchange is lost then
   */
  add(exchange: KeptExchange): void {
    if (this.#bytes > this.#long) this.#goOn();
    this.#bytes = write(this.#file, this.#bytes, exchange);
    this.#count++;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Makes a file that holds nothing but its head. */
  #open(): number {
    const file = openSync(join(this.#folder, PART), 'ax', 0o600);
    try {
      const head: Head = { target: this.#target, before: this.#count };
      this.#bytes = write(file, 0, head);
      return file;
    } catch (error) {
      closeSync(file);
      rmSync(join(this.#folder, PART));
      throw error;
    }
  }

  /** Begins another file; the one before the present one is given up. */
  #goOn(): void {
    const [present, earlier] = [PART, EARLIER].map((name) => join(this.#folder, name)) as [string, string];
    renameSync(present, earlier);
    const full = this.#file;
    try {
      this.#file = this.#open();
    } catch (error) {
      renameSync(earlier, present);
      throw error;
    }
    closeSync(full);
  }
}

/**
 * Writes a line, or nothing: what a full disk took of it would spoil the next one.
 * @param bytes those that the file holds
 * @returns the bytes that it holds then
 */
function write(file: number, bytes: number, value: object): number {
  // The reader of lines takes two more signs for the end of one.
  const text = JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  const line = Buffer.from(`${text}\n`);
  try {
    for (let at = 0; at < line.length; ) at += writeSync(file, line, at);
    return bytes + line.length;
  } catch (error) {
    ftruncateSync(file, bytes);
    throw error;
  }
}

/** The most exchanges that are told of one by one where they are lost. */
export const TOLD = 100;

/**
 * Reads the recording that a folder holds.
 * @returns undefined when there is none, or one without an exchange
 */
export async function readPart(folder: string): Promise<LeftOver | undefined> {
  let target: URL | undefined;
  let journal: RecordingJournal | undefined;
  const lost: Unjudged[] = [];
  for (const file of [EARLIER, PART].map((name) => join(folder, name)).filter(isFile)) {
    let number = 0;
    for await (const line of (await open(file)).readLines()) {
      number++;
      const value = parsed(line);
      if (isHead(value)) {
        target ??= new URL(value.target);
        journal ??= new RecordingJournal({ before: value.before });
      } else if (journal && isKept(value)) journal.add(value);
      else if (lost.length < TOLD)
        lost.push({ what: `line ${number} of ${file}`, why: 'is no exchange, or not all of one' });
    }
  }
  return target && journal && journal.length > 0 ? { target, journal, lost } : undefined;
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const isHead = (value: unknown): value is Head =>
  isFields(value) && typeof value.target === 'string' && URL.canParse(value.target) && Number.isInteger(value.before);

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNone = (value: unknown): boolean => value === undefined || isText(value);
const isTime = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) <= LAST_TIME;
const isHeaders = (value: unknown): boolean => isFields(value) && Object.values(value).every(isText);

/** The last time that a date can have, in milliseconds. */
const LAST_TIME = 8_640_000_000_000_000;

/** The check of each field of an exchange, since the file could have been edited or written by another version. */
const CHECKS: { readonly [Field in keyof KeptExchange]-?: (value: unknown) => boolean } = {
  at: isTime,
  clock: (value) => value === undefined || isTime(value),
  ms: Number.isFinite,
  method: isText,
  target: isText,
  requestHeaders: isHeaders,
  requestBody: isTextOrNone,
  status: Number.isInteger,
  responseHeaders: isHeaders,
  responseBody: isTextOrNone,
  trouble: isTextOrNone,
  merchant: isTextOrNone,
  live: (value) => value === undefined || value === true,
};

const isKept = (value: unknown): value is KeptExchange =>
  isFields(value) && Object.entries(CHECKS).every(([field, check]) => check(value[field]));
