import { documentOf } from '../../src/contract/operations.js';
import { openLibrary } from '../../src/scenario/library.js';
import t from '../tap.js';

t.test('a scenario that an example names is one that ships', async (t) => {
  const library = openLibrary();
  const shipped = await library.all();
  const themes = new Set(shipped.map(({ name }) => name.replace(/\/.*/, '')));
  const named: string[] = [];
  const look = (value: unknown, key?: string) => {
    if (key === 'alias' && typeof value === 'string') named.push(value);
    // A path of the API does not begin with the name of a theme.
    if (typeof value === 'string') {
      for (const [, name = '', theme = ''] of value.matchAll(/(?<![\w/.-])(([a-z-]+)\/[a-z0-9-]+)/g))
        if (themes.has(theme)) named.push(name);
    }
    if (Array.isArray(value)) for (const item of value) look(item, key);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) look(inner, name);
  };
  /** Looks at the examples, of which those of a schema stand under the name of their field. */
  const lookAtExamples = (value: unknown, key?: string) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'example' || name === 'examples') look(inner, key);
      else lookAtExamples(inner, name);
    }
  };
  lookAtExamples(documentOf('sandbox'));
  t.ok(named.length > 10, `${named.length} are named`);
  for (const name of named) t.ok(await library.find(name), name);
});
