import { foldName, mayBeScenario, nameInFolder } from '../../src/scenario/scenario-file.js';
import t from '../tap.js';

t.test('the name of a file in a folder does not depend on where the folder lies', async (t) => {
  for (const folder of ['klarna', './klarna/', '/home/me/scenarios/shop/klarna', '/klarna']) {
    t.equal(nameInFolder(folder, `${folder}/declines/boots.yaml`), 'declines/boots', folder);
    t.equal(nameInFolder(folder, `${folder}/boots.JSON`), 'boots', folder);
  }
  t.equal(nameInFolder('.', 'test/scenarios/boots.yml'), 'boots', 'a folder of that name inside is where they begin');
  t.equal(nameInFolder('/shop', '/shop/test/scenarios/declines/boots.yml'), 'declines/boots');
});

t.test('an e-mail address has a name in lower case and with slashes for dots', async (t) => {
  t.equal(foldName('Declines.Boots'), 'declines/boots');
});

t.test('a file may be a scenario if one of its parts stands at the top', async (t) => {
  for (const part of ['steps', 'outcomes', 'callbacks', 'shopper', 'payment_method_categories']) {
    for (const text of [
      `${part}: []`,
      `title: Boots\n${part}:\n  - x`,
      `"${part}" : []`,
      `'${part}': []`,
      `# yaml-language-server: $schema=x\r\n\r\n%YAML 1.2\n---\n${part}:\r\n`,
      `  title: Boots\n  ${part}: x\n`,
      `{ "title": "Boots", "${part}": [] }`,
      `\n  {\n  title: Boots, ${part}: [}`,
    ]) {
      t.ok(mayBeScenario(text), JSON.stringify(text));
    }
    for (const text of [
      '',
      'title: Boots',
      `jobs:\n  build:\n    ${part}:\n      - run: make`,
      `# ${part}: []\nname: shop`,
      `- ${part}: []`,
      `  title: Boots\n${part}: x\n`,
      `my${part}: 1`,
      `title: "${part}: x"`,
      `{ "name": "shop", "inner": { "${part}": [] } }`,
    ]) {
      t.notOk(mayBeScenario(text), JSON.stringify(text));
    }
  }
  t.ok(mayBeScenario('# yaml-language-server: $schema=../contracts/scenario.schema.json\ntitle: Boots\nstep: []'));
  t.notOk(mayBeScenario('title: Boots\n# scenario.schema.json'), 'only a comment above everything names its schema');
});
