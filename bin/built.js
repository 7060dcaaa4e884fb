'use strict';
const { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { basename, dirname, join } = require('node:path');
const { cachedDataVersionTag } = require('node:v8');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

// Reads files of the build, with the code that V8 compiled of them in an earlier process. The code is kept beside the files: only
// those who may change the files can change it, and it is removed with them. Where nothing can be written, nothing is kept.

/** The folder, beside the files, of what is kept. */
const KEPT = 'compiled';

/** The ending of what this V8, with the flags that it was started with, can use. */
const ENDING = `.${cachedDataVersionTag().toString(16)}`;

/**
 * Kept code begins with the checksum of the file that it was compiled from and of all that follows, since V8 looks at the file's
 * length only, and with the number of processes that it comes from. Both together take 8
 * bytes, so that the code is aligned and V8 need not copy it.
 */
const CHECKSUM_BYTES = 4;
const COUNT_BYTES = 4;

/** Number of processes that add the functions that ran in them: the first may end before it has run much. */
const PROCESSES = 4;

/** Without a line of its own the wrapper would move the columns of the first line. */
const [BEGIN, END] = ['(function (exports, require, module, __filename, __dirname) {\n', '\n})'];

/** Node's own variable, by which its users turn its cache of compiled code off. */
const isOff = Boolean(process.env.NODE_DISABLE_COMPILE_CACHE);

const modules = new Map();

/** The scripts whose code is kept at the end of this process: the functions that ran are in it then. */
const unfinished = [];

/**
 * Returns what a file of the build exports. The files that it requires of the build are read in the same way.
 * @param {string} file its path
 */
exports.readBuilt = function readBuilt(file) {
  const known = modules.get(file);
  if (known) return known.exports;
  const module = { exports: {} };
  modules.set(file, module);
  const native = createRequire(file);
  const require = (name) => (name.startsWith('./') ? readBuilt(join(dirname(file), name)) : native(name));
  try {
    const run = compile(file).runInThisContext();
    run.call(module.exports, module.exports, require, module, file, dirname(file));
  } catch (error) {
    // A file that threw is read again when it is required again, as Node does it.
    modules.delete(file);
    throw error;
  }
  return module.exports;
};

function compile(filename) {
  const source = readFileSync(filename);
  const path = join(dirname(filename), KEPT, basename(filename) + ENDING);
  const kept = isOff ? undefined : keptAt(path, source);
  const script = new Script(BEGIN + source + END, { filename, lineOffset: -1, cachedData: kept?.code });
  const count = script.cachedDataRejected === false ? kept.count : 0;
  if (!isOff && count < PROCESSES) {
    if (unfinished.length === 0) process.once('exit', keepAll);
    unfinished.push({ path, source, script, count: count + 1 });
  }
  return script;
}

/** Returns what was kept of a file; undefined where there is nothing, or something of another file. */
function keptAt(path, source) {
  try {
    const kept = readFileSync(path);
    const content = kept.subarray(CHECKSUM_BYTES);
    if (kept.readUInt32LE(0) !== crc32(content, crc32(source))) return undefined;
    return { count: content.readUInt32LE(0), code: content.subarray(COUNT_BYTES) };
  } catch {
    return undefined;
  }
}

function keepAll() {
  try {
    unfinished.forEach(keep);
  } catch {
    // It is read-only, full, or no longer there: the next process compiles again.
  }
}

/** Keeps the code of a file. It is written as a whole or not at all, also for a process that reads it meanwhile. */
function keep({ path, source, script, count }) {
  const folder = dirname(path);
  // The files of another user, such as root in a container, could not be removed with the package.
  if (statSync(dirname(folder)).uid !== (process.getuid?.() ?? 0)) return;
  // The folders above are not made: where they are gone, another build is about to take their place.
  if (!existsSync(folder)) mkdirSync(folder);
  const content = Buffer.concat([number(count), script.createCachedData()]);
  const written = `${path}.${process.pid}`;
  try {
    writeFileSync(written, Buffer.concat([number(crc32(content, crc32(source))), content]));
    renameSync(written, path);
  } finally {
    rmSync(written, { force: true });
  }
}

function number(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
