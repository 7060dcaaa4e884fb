#!/usr/bin/env node
import module from 'node:module';

// From Node 22.8 on, what was compiled at one start is read from a cache at the next.
module.enableCompileCache?.();
const { main } = await import('../dist/cli.js');

process.exitCode = await main(process.argv.slice(2));
