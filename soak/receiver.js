import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * Receives callbacks on the loopback interface, and answers each with 200.
 * @param {(received: { path: string, text: string }) => void} [seen]
 */
export async function startReceiver(seen = () => {}) {
  let count = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      count++;
      seen({ path: request.url, text: `${JSON.stringify(request.headers)} ${text}` });
      response.end();
    });
    request.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    count: () => count,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
