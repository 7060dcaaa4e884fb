import type { OperationName } from '../../contract/operation-map.js';
import { operationNamed } from '../../contract/operations.js';
import { fillPath } from '../../contract/path-template.js';
import type { Exchange } from '../../exchange/exchange.js';
import { type Fields, fieldsOf, textOf } from '../../exchange/fields.js';

/** Returns the id in the path of a call that is about a session or a hosted session. */
const idIn = (path: string): string => (/(?:sessions|payments)\/([^/]+)/.exec(path) as RegExpExecArray)[1] as string;

/** Calls of the hosted page by the acts of the control API that are the same. */
const onThePage: ReadonlyMap<string, OperationName> = new Map([
  ['payHostedPurchase', 'completeHostedSession'],
  ['failHostedPurchase', 'failHostedSession'],
  ['cancelHostedPurchase', 'cancelHostedSession'],
  ['backHostedPurchase', 'backHostedSession'],
]);

/**
 * Turns the calls of the shopper's browser into those of the shop and the control API that do the same: a scenario has
 * no client token, and its shopper acts by the control API.
 */
export class BrowserCalls {
  /** The choice of the latest authorize, by session. */
  readonly #choices = new Map<string, Fields>();
  /** The authorization tokens that were given so far. */
  readonly #tokens = new Set<string>();

  /**
   * Returns an exchange as a step can repeat it: any other than the browser's as it is, and undefined for a call of the
   * browser that changed nothing. Exchanges are given in the order of their requests.
   */
  translate(exchange: Exchange): Exchange | undefined {
    const translated = this.#translate(exchange);
    const token = textOf(fieldsOf(exchange.response.body).authorization_token);
    if (token !== undefined) this.#tokens.add(token);
    return translated;
  }

  #translate(exchange: Exchange): Exchange | undefined {
    const { operation = '', request, response, session_id = '', status, path } = exchange;
    const body = fieldsOf(request.body);
    switch (operation) {
      case 'authorizeSession':
        this.#choices.set(idIn(path), choiceOf(body, exchange));
        return exchange;
      case 'readPurchase':
      case 'readHostedPurchase':
      case 'reportSdkError':
        return undefined;
      case 'loadPurchase': {
        const data = fieldsOf(body.data);
        if (status !== 200 || Object.keys(data).length === 0) return undefined;
        return { ...as('updateSession', exchange, session_id, data), status: 204, response: empty(response) };
      }
      case 'authorizePurchase': {
        if (status === 401) return undefined;
        this.#choices.set(session_id, choiceOf(body, exchange));
        const { auto_finalize: _, ...shopper } = body;
        const waits = fieldsOf(response.body).finalize_required === true;
        return as('authorizeSession', exchange, session_id, {
          ...shopper,
          ...(waits && { result: 'finalize_required' }),
        });
      }
      case 'reauthorizePurchase':
        if (status !== 200) return undefined;
        return as('authorizeSession', exchange, session_id, { ...this.#choices.get(session_id), ...body });
      case 'finalizePurchase': {
        const token = textOf(fieldsOf(response.body).authorization_token);
        if (status !== 200 || (token !== undefined && this.#tokens.has(token))) return undefined;
        return as('finalizeSession', exchange, session_id, body);
      }
      case 'openExpressSession':
        return status === 200 ? as('createSession', exchange, '', fieldsOf(body.data)) : undefined;
      default: {
        const act = onThePage.get(operation);
        return act ? as(act, exchange, idIn(path), request.body) : exchange;
      }
    }
  }
}

/** Returns the way to pay that an authorize chose, the scenario's where the request has none. */
function choiceOf({ payment_option, funding_source }: Fields, { scripted }: Exchange): Fields {
  const choice = { ...scripted?.shopper, ...(payment_option !== undefined && { payment_option }) };
  return {
    ...(choice.payment_option !== undefined && { payment_option: choice.payment_option }),
    ...((funding_source ?? choice.funding_source) !== undefined && {
      funding_source: funding_source ?? choice.funding_source,
    }),
  };
}

const empty = ({ headers }: Exchange['response']): Exchange['response'] => ({ headers });

/** Returns an exchange as one of another operation about the same session. */
function as(name: OperationName, exchange: Exchange, session_id: string, body: unknown): Exchange {
  const { method, path } = operationNamed(name);
  const { body: _, ...request } = exchange.request;
  const given =
    body === undefined || (typeof body === 'object' && Object.keys(Object(body)).length === 0) ? {} : { body };
  return {
    ...exchange,
    operation: name,
    method,
    path: fillPath(path, () => session_id),
    request: { ...request, ...given },
  };
}
