// @ts-nocheck: its paths are those of dist/
'use strict';
require('../bin/require-node.js');

// A test runner such as Jest has a realm of its own for each test file: timers that stand still, no fetch, no dynamic imports,
// and modules that go when the file ends. The library is read in the realm of Node, where it is out of reach of all that.
const { getBuiltinModule = require } = require('node:vm').runInThisContext('process');
const requireThere = getBuiltinModule('node:module').createRequire(__filename);
const library = requireThere('../bin/built.js').readBuilt(requireThere.resolve('./library.cjs'));
const isOfThisRealm = Object.getPrototypeOf(library) === Object.prototype;

module.exports = isOfThisRealm ? library : require('./realm.cjs').fromRealm(library);
