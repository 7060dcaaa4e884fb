'use strict';
const { join } = require('node:path');
const { readBuilt } = require('./built.js');

/** Ends the program: exit code 1 stands for findings, and Node would end with it. */
function fail(error) {
  console.error(error);
  process.exit(2);
}

process.on('uncaughtException', fail);
readBuilt(join(__dirname, '../dist/cli.cjs'))
  .main(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
  }, fail);
