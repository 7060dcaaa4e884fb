'use strict';
const { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { basename, dirname, join } = require('node:path');
const { cachedDataVersionTag } = require('node:v8');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

// Files of the build, read with what V8 compiled of them for an earlier process. That is kept beside them, so that whoever may
// change it may change them as well, and goes with them. Where nothing can be written, nothing is kept.

/** The folder, beside the files, of what is kept. */
const KEPT = 'compiled';

/** The ending of what this V8, with the flags that it was started with, can use. */
const ENDING = `.${cachedDataVersionTag().toString(16)}`;

/** Kept code begins with the checksum of the file that it was compiled from and of itself: V8 looks at the file's length only. */
const CHECKSUM_BYTES = 4;

/** Without a line of its own the wrapper would move the columns of the first line. */
const [BEGIN, END] = ['(function (exports, require, module, __filename, __dirname) {\n', '\n})'];

/** Node's own variable, by which its users turn its cache of compiled code off. */
const isOff = Boolean(process.env.NODE_DISABLE_COMPILE_CACHE);

const modules = new Map();

/** Files that were compiled anew, and are kept at the end: the functions that ran are in it then. */
const fresh = [];

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
  const run = compile(file).runInThisContext();
  run.call(module.exports, module.exports, require, module, file, dirname(file));
  return module.exports;
};

function compile(filename) {
  const source = readFileSync(filename);
  const path = join(dirname(filename), KEPT, basename(filename) + ENDING);
  const cachedData = isOff ? undefined : keptAt(path, source);
  const script = new Script(BEGIN + source + END, { filename, lineOffset: -1, cachedData });
  if (!isOff && script.cachedDataRejected !== false) {
    if (fresh.length === 0) process.once('exit', keepAll);
    fresh.push({ path, source, script });
  }
  return script;
}

/** Returns what was kept of a file; undefined where there is nothing, or something of another file. */
function keptAt(path, source) {
  try {
    const kept = readFileSync(path);
    const code = kept.subarray(CHECKSUM_BYTES);
    return kept.readUInt32LE(0) === crc32(code, crc32(source)) ? code : undefined;
  } catch {
    return undefined;
  }
}

function keepAll() {
  try {
    for (const { path, source, script } of fresh) keep(path, source, script);
  } catch {
    // It is read-only, full, or no longer there: the next process compiles again.
  }
}

/** Keeps the code of a file. It is written as a whole or not at all, also for a process that reads it meanwhile. */
function keep(path, source, script) {
  const folder = dirname(path);
  // What another user, such as root in a container, had written could not be removed with the package.
  if (statSync(dirname(folder)).uid !== (process.getuid?.() ?? 0)) return;
  // Not the folders above: where they are gone, another build is about to take their place.
  if (!existsSync(folder)) mkdirSync(folder);
  const code = script.createCachedData();
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(code, crc32(source)));
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, Buffer.concat([checksum, code]));
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}
