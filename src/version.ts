import { readFileSync } from 'node:fs';

/** The version of this package, from its `package.json`: one folder up from the sources and from the build alike. */
export const version: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
