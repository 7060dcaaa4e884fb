#!/usr/bin/env node
'use strict';
require('./check-node.js');
require('./run.js');
