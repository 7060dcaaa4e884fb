'use strict';
const { enableCompileCache } = require('node:module');

/** Ends the program: exit code 1 stands for findings, and Node would end with it. */
function fail(error) {
  console.error(error);
  process.exit(2);
}

process.on('uncaughtException', fail);
// From Node 22.8 on, what was compiled at one start is read from a cache at the next.
enableCompileCache?.();
import('../dist/cli.js')
  .then(({ main }) => main(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code;
  }, fail);
