/**
 * Says what of others is in the bundle: `dist/THIRD-PARTY-NOTICES.txt` with every licence text, and `dist/bom.cdx.json`, a
 * bill of materials (CycloneDX 1.6). A package without a licence text, one that docs/maintainers/dependencies.md gives no
 * reason for, and one that does not run on the oldest Node that package.json promises, fail the build.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import semver from 'semver';

export class ThirdPartyError extends Error {}

/**
 * A package as its notice and the bill of materials have it; `text` is that of its licence.
 * @typedef {{ name: string, version: string, license: string, url?: string, node?: string, text: string }} Package
 */

/** Licences that have conditions of their own and may not come in unseen. */
const REFUSED = ['cookie-lite', 'json-query'];

/**
 * Returns the folders of the packages that files come from, in order.
 * @param {string[]} files
 */
export function foldersOf(files) {
  const folders = files.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll('\\', '/'))?.[1]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/**
 * Returns the package in a folder with its licence text, which may stand in the folder `spare` under its name.
 * @param {string} folder
 * @param {string} spare
 * @returns {Package}
 */
export function readPackage(folder, spare) {
  const { name, version, license, homepage, repository, engines } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort();
  const paths = files.map((file) => join(folder, file));
  const ours = join(spare, `${name.replace('/', '-')}.txt`);
  if (paths.length === 0 && existsSync(ours)) paths.push(ours);
  const texts = paths.map((path) => readFileSync(path, 'utf8').trim());
  const url = homepage ?? (typeof repository === 'string' ? repository : repository?.url);
  return { name, version, license, url, node: engines?.node, text: texts.join('\n\n') };
}

/** Returns the packages that a table of dependencies names in its first column. */
export const namedIn = (/** @type {string} */ table) =>
  new Set([...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name));

/**
 * Returns the packages, each once, in order of their names.
 * @param {Package[]} packages
 * @param {Set<string>} named those that docs/maintainers/dependencies.md gives a reason for
 * @param {string} oldest the oldest Node that they must run on
 * @throws ThirdPartyError that names every package that may not be shipped, and why
 */
export function judgePackages(packages, named, oldest) {
  const once = new Map(packages.map((one) => [`${one.name}@${one.version}`, one]));
  const sorted = [...once.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
  const problems = sorted.flatMap(({ name, version, license, node, text }) => {
    const of = `${name} ${version}`;
    if (REFUSED.includes(name)) return [`${of} has a licence of its own and may not be bundled`];
    return [
      ...(text === '' ? [`${of} (${license}) has no licence text that could be shipped`] : []),
      ...(named.has(name) ? [] : [`${of} is bundled, and docs/maintainers/dependencies.md does not say why`]),
      ...(node && !semver.satisfies(oldest, node) ? [`${of} wants Node ${node}, and ${oldest} is promised`] : []),
    ];
  });
  if (problems.length > 0) throw new ThirdPartyError(problems.join('\n'));
  return sorted;
}

/**
 * Returns the notices as one text.
 * @param {Package[]} packages
 */
export function renderNotices(packages) {
  const head = 'mock-klarna contains the following packages, each under its own licence.\n';
  const parts = packages.map(
    ({ name, version, license, url, text }) => `${name} ${version}\n${license}${url ? `\n${url}` : ''}\n\n${text}\n`,
  );
  return [head, ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * Returns the bill of materials: CycloneDX 1.6 as JSON. It has no time and no serial number, so that builds repeat.
 * @param {Package[]} packages
 * @param {{ name: string, version: string }} ours
 */
export function renderBill(packages, { name, version }) {
  const purl = (/** @type {string} */ of, /** @type {string} */ at) => `pkg:npm/${of.replace('@', '%40')}@${at}`;
  const component = (/** @type {Package} */ of) => ({
    type: 'library',
    name: of.name,
    version: of.version,
    licenses: [{ license: { id: of.license } }],
    purl: purl(of.name, of.version),
  });
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name, version, purl: purl(name, version) } },
    components: packages.map(component),
  };
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}

/**
 * Writes both files, for the packages in the folders given, into another.
 * @param {string} root
 * @param {string[]} folders
 * @param {string} into
 */
export function writeThirdParty(root, folders, into) {
  const named = namedIn(readFileSync(join(root, 'docs/maintainers/dependencies.md'), 'utf8'));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const packages = judgePackages(
    folders.map((folder) => readPackage(join(root, folder), join(root, 'licences'))),
    named,
    semver.minVersion(manifest.engines.node).version,
  );
  writeFileSync(join(into, 'THIRD-PARTY-NOTICES.txt'), renderNotices(packages));
  writeFileSync(join(into, 'bom.cdx.json'), renderBill(packages, manifest));
}
