/** Judges the types of all code: npm run types. What is generated from the contracts must be there. */
import { node } from './node.js';
import { say } from './say.js';

/** The projects of the compiler, each with what is in it. */
const PROJECTS = {
  'tsconfig.json': 'the program and its tests',
  'tsconfig.browser.json': 'what runs in a browser',
  'tsconfig.browser-tests.json': 'the tests of that',
  'tsconfig.scripts.json': 'scripts',
};

const failed = Object.entries(PROJECTS).filter(([project, what]) => {
  say(`types of ${what}`);
  return node('node_modules/typescript/bin/tsc', '--noEmit', '-p', project) !== 0;
});
say(failed.length === 0 ? 'no mistakes' : `mistakes in ${failed.map(([, what]) => what).join(', ')}`);
if (failed.length > 0) process.exitCode = 1;
