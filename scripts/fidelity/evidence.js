/** Everything the program says of its evidence, as it stands in the contracts and in src/klarna. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The contract that has no counterpart at Klarna. */
const OURS = 'sandbox';

/** Modules of src/ as they are now, bundled in memory. */
async function load() {
  const contents = [
    "export { apis, documentOf, operations } from './src/contract/operations.ts';",
    "export { browserSdk, notInBrowserSdk } from './src/klarna/catalogue/browser-sdk.ts';",
    "export { callbackPolicies } from './src/klarna/catalogue/callbacks.ts';",
    "export { dueDateTerms } from './src/klarna/catalogue/due-dates.ts';",
    "export { grades } from './src/klarna/catalogue/evidence.ts';",
    "export { lifetimes } from './src/klarna/catalogue/lifetimes.ts';",
    "export { errors } from './src/klarna/catalogue/errors.ts';",
    "export * from './src/klarna/payments/payment-methods.ts';",
    "export { own, rules } from './src/klarna/catalogue/rules.ts';",
  ].join('\n');
  const bundle = await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    // The documents of the contracts are read from where their reader stands.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(`${root}src/contract/operations.ts`).href) },
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`);
}

const {
  apis,
  browserSdk,
  callbackPolicies,
  documentOf,
  dueDateTerms,
  grades: GRADES,
  lifetimes,
  notInBrowserSdk,
  operations: byName,
  errors: byError,
  own,
  rules: byRule,
  ...methods
} = await load();

export const { chooseMethod, methodOf, tokenizedMethodOf } = methods;

/** Klarna's APIs, the one that a purchase begins with first. */
export const klarna = apis
  .filter((api) => api !== OURS)
  .sort((one, other) => Number(other === 'payments') - Number(one === 'payments'));

export const titleOf = (api) => documentOf(api).info.title;

/** Source and note in one. */
export const told = ({ source, note }) => (note ? `${source}. ${note}` : source);

export const operations = klarna.flatMap((api) => [...byName.values()].filter((operation) => operation.api === api));

export const answers = operations.flatMap((operation) =>
  [...operation.answers.values()].map((answer) => ({ operation, ...answer, ...answer.evidence })),
);

export const leniencies = klarna.flatMap((api) => (documentOf(api)['x-wire'] ?? []).map((each) => ({ api, ...each })));

export const notServed = klarna.flatMap((api) =>
  (documentOf(api)['x-not-served'] ?? []).map((each) => ({ api, ...each })),
);

/** What is said of each kind of callback. */
export const callbacks = Object.entries(callbackPolicies).flatMap(([on, { statements }]) =>
  statements.map(({ evidence, ...statement }) => ({ on, grade: evidence, ...statement })),
);

export { dueDateTerms, GRADES, lifetimes, notInBrowserSdk, own };

/** The behaviours of the browser script, in the form of the page's other statements. */
export const behaviours = Object.entries(browserSdk).map(([id, { evidence, ...behaviour }]) => ({
  id,
  grade: evidence,
  ...behaviour,
}));

export const rules = Object.entries(byRule).map(([id, { evidence, ...rule }]) => ({ id, grade: evidence, ...rule }));

export const errors = Object.entries(byError).map(([name, { evidence, ...error }]) => ({
  name,
  grade: evidence,
  ...error,
}));

/** Values that look like schemas and are data. */
const DATA = new Set(['const', 'default', 'enum', 'example', 'examples']);

/** The properties of a schema that have evidence of their own, those of its parts included. */
function propertiesOf(schema, path) {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const field = `${path}.${name}`;
    const evidence = property['x-evidence'];
    return [...(evidence ? [{ field, ...evidence }] : []), ...propertiesOf(property, field)];
  });
  const inner = Object.entries(schema).filter(([key]) => key !== 'properties' && !DATA.has(key));
  return [...own, ...inner.flatMap(([key, part]) => propertiesOf(part, key === 'items' ? `${path}[]` : path))];
}

export const fields = klarna.flatMap((api) =>
  Object.entries(documentOf(api).components.schemas).flatMap(([name, schema]) => propertiesOf(schema, name)),
);
