'use strict';
const mistake = require('./node-version.js').mistake;

// For those who read the library: an error without the way here, which says nothing more.
if (mistake) {
  const error = new Error(`mock-klarna ${mistake}`);
  error.stack = `Error: ${error.message}`;
  throw error; // node-do-not-add-exception-line
}
