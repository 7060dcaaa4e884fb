import { win32 } from 'node:path';

/** Names that stand for devices, with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Returns the reason why a part of a path is no name of Windows; undefined where it is one. */
function mistakeIn(name: string): string | undefined {
  const [sign] = /[<>:"|?*\p{Cc}]/u.exec(name) ?? [];
  if (sign !== undefined) return `Windows takes no ${JSON.stringify(sign)} in a name`;
  if (DEVICE.test(name)) return `${name} is a device of Windows`;
  return /(?:[^.]\.+| )$/.test(name) ? 'Windows takes no dot and no space at the end of a name' : undefined;
}

/** Returns the reason why Windows has no file by a path; undefined where it may have one. The name of a device alone is none. */
export function refusedByWindows(path: string): string | undefined {
  if (/^(?:con|nul)$/i.test(path)) return undefined;
  const { root } = win32.parse(path);
  return path
    .slice(root.length)
    .split(/[\\/]/)
    .map(mistakeIn)
    .find((mistake) => mistake !== undefined);
}
