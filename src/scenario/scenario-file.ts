/** Largest size of a scenario file in bytes (1 MB). */
export const MAX_BYTES = 1024 * 1024;

const EXTENSION = /\.(ya?ml|json)$/i;

/** Tells whether a path is that of a scenario file, by its extension. */
export const isScenarioFile = (path: string): boolean => EXTENSION.test(path);

/** Returns a scenario's name: its path under the last `scenarios/` folder, or under `folder`, without the extension. */
export function scenarioName(path: string, folder = ''): string {
  const plain = path.replaceAll('\\', '/').replace(EXTENSION, '');
  const under = plain.replace(/^(?:.*\/)?scenarios\/(?=.)/, '');
  if (under !== plain) return under;
  const last = plain.slice(plain.lastIndexOf('/') + 1);
  if (folder === '') return last;
  const base = folder.replaceAll('\\', '/').replace(/\/*$/, '/');
  return plain.startsWith(base) ? plain.slice(base.length) : last;
}
