'use strict';

// This file is read before the version is checked, so it uses only what every Node can parse.
const wanted = require('../package.json').engines.node.replace('>=', '').split('.').map(Number);
const given = process.versions.node.split('.').map(Number);
const distance = given[0] - wanted[0] || given[1] - wanted[1];

/** The mistake of a Node that is too old; undefined where it is not. */
exports.mistake =
  distance < 0 ? `needs Node ${wanted.join('.')} or later, this is ${process.versions.node}` : undefined;
