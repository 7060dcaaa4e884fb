import { locate } from '../../contract/locate.js';
import { operationNamed } from '../../contract/operations.js';
import { isFields } from '../../replay/words.js';
import type { Exchange } from '../../shop/exchange.js';

/**
 * Puts in what a shopper did in a browser, where no proxy saw it: a request that went well with an authorization token
 * that no answer gave means that the newest open session was authorized before.
 * @param exchanges of one merchant, oldest first
 */
export function withShopper(exchanges: readonly Exchange[]): Exchange[] {
  const open: string[] = [];
  const given = new Set<string>();
  return exchanges.flatMap((exchange) => {
    const located = exchange.status < 300 ? locate(exchange.method, exchange.path) : undefined;
    const token = located?.params.authorizationToken;
    const missing = token !== undefined && !given.has(token);
    const session = missing ? open.pop() : undefined;
    if (missing) given.add(token);
    const { body } = exchange.response;
    if (isFields(body)) {
      if (typeof body.authorization_token === 'string') {
        given.add(body.authorization_token);
        remove(open, String(located?.params.session_id));
      } else if (typeof body.session_id === 'string' && located?.operation.name === 'createSession') {
        open.push(body.session_id);
      }
    }
    return session === undefined ? [exchange] : [authorizes(session, token as string, exchange.at), exchange];
  });
}

function remove(list: string[], element: string): void {
  const at = list.indexOf(element);
  if (at >= 0) list.splice(at, 1);
}

/** The shopper's call of the control API that gives a token. */
function authorizes(session_id: string, authorization_token: string, at: string): Exchange {
  const { name, method, path } = operationNamed('authorizeSession');
  return {
    at,
    method,
    path: path.replace('{session_id}', session_id),
    operation: name,
    status: 200,
    duration_ms: 0,
    request: { headers: {}, body: undefined },
    response: {
      headers: { 'Content-Type': 'application/json' },
      body: { approved: true, show_form: true, authorization_token },
    },
  };
}
