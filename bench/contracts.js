/** The contracts that the mixed purchase needs. */
const NAMES = ['payments', 'customer-token', 'order-management', 'sandbox'];

/** Reads contracts from a running stand-in, which serves them without references between files. */
export const readContracts = (url, names = NAMES) =>
  Promise.all(
    names.map(async (name) => ({ name, document: await (await fetch(`${url}/docs/${name}.v1.json`)).json() })),
  );

/** Returns a step of the purchase with what its contract says of it: method, path, the schema's place, status and example. */
export function locate(step, documents) {
  for (const { name, document } of documents) {
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, { operationId, responses }] of Object.entries(item)) {
        if (operationId !== step.operation) continue;
        const [status, success] = Object.entries(responses).find(([code]) => code.startsWith('2'));
        const { example } = success.content?.['application/json'] ?? {};
        const at = `paths/${path.replaceAll('/', '~1')}/${method}/requestBody/content/application~1json/schema`;
        return {
          ...step,
          contract: name,
          method: method.toUpperCase(),
          path,
          schema: `${name}#/${at}`,
          status: Number(status),
          example,
        };
      }
    }
  }
  throw new Error(`No contract has an operation ${step.operation}.`);
}

/** Returns the documents that some steps are about. */
export const documentsOf = (steps, documents) =>
  documents.filter(({ name }) => steps.some(({ contract }) => contract === name));

/**
 * Makes one document of the operations of some steps, for servers that take one alone. Names of components get their
 * document's name in front.
 */
export function merge(steps, documents) {
  const merged = { paths: {}, components: {} };
  for (const { name, document } of documentsOf(steps, documents)) {
    const { components, paths, ...head } = JSON.parse(
      JSON.stringify(document).replace(/"#\/components\/(\w+)\//g, `"#/components/$1/${name}.`),
    );
    Object.assign(merged, head);
    for (const [kind, entries] of Object.entries(components)) {
      // Those that `security` names by their plain names.
      const prefix = kind === 'securitySchemes' ? '' : `${name}.`;
      for (const [key, entry] of Object.entries(entries)) {
        merged.components[kind] = { ...merged.components[kind], [prefix + key]: entry };
      }
    }
    for (const { path, method, contract } of steps) {
      if (contract !== name) continue;
      const { parameters, [method.toLowerCase()]: operation } = paths[path];
      merged.paths[path] = {
        ...merged.paths[path],
        ...(parameters && { parameters }),
        [method.toLowerCase()]: operation,
      };
    }
  }
  return merged;
}
