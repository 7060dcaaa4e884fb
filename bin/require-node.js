'use strict';
const mistake = require('./node-version.js').mistake;

// For those who read the library.
if (mistake) throw new Error(`mock-klarna ${mistake}`); // node-do-not-add-exception-line
