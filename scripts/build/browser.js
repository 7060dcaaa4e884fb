/** Bundles what runs in a browser: the stand-in of Klarna's script, its frames, and the pages. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * The bundles: the name that each is served by, where it begins, and its form. Scripts that a shop's page loads by a tag are
 * wrapped, so that they leave no names behind; the others are modules.
 * @type {{ name: string, entry: string, format: 'iife' | 'esm' }[]}
 */
export const BUNDLES = [
  { name: 'api', entry: 'src/browser/sdk/api.ts', format: 'iife' },
  { name: 'main-frame', entry: 'src/browser/sdk/main-frame.ts', format: 'iife' },
  { name: 'on-site-messaging', entry: 'src/browser/sdk/on-site-messaging.ts', format: 'iife' },
  { name: 'web-sdk-v1', entry: 'src/browser/sdk/web-sdk-v1.ts', format: 'iife' },
  { name: 'web-sdk-v1-module', entry: 'src/browser/sdk/web-sdk-v1-module.ts', format: 'esm' },
  { name: 'web-sdk-v2', entry: 'src/browser/sdk/web-sdk-v2.ts', format: 'esm' },
  { name: 'purchase', entry: 'src/browser/purchase/main.tsx', format: 'esm' },
  { name: 'live', entry: 'src/browser/live/main.tsx', format: 'esm' },
  // Loaded when somebody opens it.
  { name: 'editor', entry: 'src/browser/live/editor.ts', format: 'esm' },
];

/** The types of what shops call, shipped beside the script. */
const TYPES = 'src/browser/sdk/klarna.d.ts';

/**
 * Bundles into a folder; returns the files that came in.
 * @param {string} root
 * @param {string} into
 */
export async function bundleBrowser(root, into) {
  mkdirSync(into, { recursive: true });
  const results = await Promise.all(
    BUNDLES.map(({ name, entry, format }) =>
      build({
        metafile: true,
        absWorkingDir: root,
        entryPoints: { [name]: entry },
        outdir: into,
        bundle: true,
        platform: 'browser',
        target: 'es2020',
        format,
        minify: true,
        jsx: 'automatic',
        jsxImportSource: 'preact',
        legalComments: 'none',
        logLevel: 'warning',
      }),
    ),
  );
  if (existsSync(join(root, TYPES))) copyFileSync(join(root, TYPES), join(into, 'klarna.d.ts'));
  return results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
}
