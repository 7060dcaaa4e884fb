/** The files of the documentation page. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the package that they come from. */
export const COPIED = 'node_modules/swagger-ui-dist';

/** The files that the page loads. */
export const ASSETS = [
  'swagger-ui.css',
  'index.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'favicon-32x32.png',
];

/** The lists of licences that belong to the bundles among them. */
const LICENCES = ASSETS.filter((name) => name.endsWith('.js')).map((name) => `${name}.LICENSE.txt`);

/**
 * Copies the files from one folder into another, without the names of their maps, which nobody is given.
 * @param {string} from
 * @param {string} into
 */
export function copyAssets(from, into) {
  mkdirSync(into);
  for (const name of [...ASSETS, ...LICENCES]) {
    if (/\.(css|js)$/.test(name)) {
      const text = readFileSync(join(from, name), 'utf8');
      writeFileSync(join(into, name), text.replace(/^\/[/*]# sourceMappingURL=.*$/m, ''));
    } else cpSync(join(from, name), join(into, name));
  }
}
