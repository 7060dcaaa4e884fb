'use strict';
const mistake = require('./node-version.js').mistake;

// For programs: one line, and the exit code of what cannot run.
if (mistake) {
  console.error(`mock-klarna: ${mistake}`);
  process.exit(2);
}
