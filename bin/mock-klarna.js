#!/usr/bin/env node
import module from 'node:module';

// Exit code 1 stands for findings, and Node would end with it.
process.on('uncaughtException', (error) => {
  console.error(error);
  process.exit(2);
});

// From Node 22.8 on, what was compiled at one start is read from a cache at the next.
module.enableCompileCache?.();
const { main } = await import('../dist/cli.js');

process.exitCode = await main(process.argv.slice(2));
