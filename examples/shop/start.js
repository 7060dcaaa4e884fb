/** Starts a sandbox and the shop, and prints the shop's address: npm run example [-- --scenario NAME] */
import { parseArgs } from 'node:util';
import { startSandbox } from 'mock-klarna';
import { makeShop } from './shop.js';

const { values } = parseArgs({
  options: { scenario: { type: 'string' }, port: { type: 'string', default: '3000' } },
});
const sandbox = await startSandbox({ merchant: 'boot-shop' });
if (values.scenario) await sandbox.scenario.choose(values.scenario);
const shop = makeShop({ klarna: sandbox.url, ...sandbox.credentials });
await shop.listen({ port: Number(values.port), host: 'localhost' }).catch((error) => {
  console.error(`The shop cannot listen on port ${values.port} (${error.code}); choose another with --port`);
  process.exit(2);
});
const { port } = shop.server.address();
console.log(`The shop is open at http://localhost:${port}`);
console.log(`What it says to Klarna: ${sandbox.url.replace('127.0.0.1', 'localhost')}/`);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await shop.close();
    await sandbox.close();
  });
}
