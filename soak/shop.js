import { purchase } from '../bench/purchase.js';
import { basic, send } from './send.js';

/** The body of an operation of the mixed purchase, which the benchmark has as well. */
export const bodyOf = (name) => structuredClone(purchase.find(({ operation }) => operation === name).body);

/** Returns the id that stands in the place of a parameter of a path: of what a shop has, or one that nobody has. */
export function idFor(parameter, path, ids) {
  const known = {
    session_id: /hosted|^\/hpp\//.test(path) ? ids.hosted_session : ids.session,
    authorizationToken: ids.authorization,
    customerToken: ids.token,
    // The capture belongs to the first order; the second order is still to be placed.
    order_id: /captures\/\{|refunds\/\{/.test(path) ? ids.captured : ids.order,
    capture_id: ids.capture,
    refund_id: ids.refund,
    callback_id: ids.callback,
  };
  return known[parameter] ?? '6f1c8a52-5d0b-4c1e-9a54-2f7e0b6c3d11';
}

/** Returns the path of an operation with ids in it. */
export const pathOf = ({ path }, ids) =>
  path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(idFor(name, path, ids)));

/** A merchant's shop, which calls operations by their names. */
export class Shop {
  /**
   * @param {{ agent: any, url: string, operations: Map<string, import('./operations.js').Operation> }} world
   * @param {(answer: any, request: any) => void} [seen] is shown every answer
   */
  constructor(world, username, seen = () => {}) {
    this.world = world;
    this.username = username;
    this.seen = seen;
  }

  /** Returns the headers by which an operation is opened. */
  headersFor({ opened }, ids) {
    if (opened === 'credentials') return { authorization: basic(this.username) };
    if (opened === 'client token' && ids.client_token) return { authorization: `Bearer ${ids.client_token}` };
    return {};
  }

  /** Makes the request of an operation, with the contract's example of a body unless another is given. */
  request(name, { ids = {}, body, headers, query = '' } = {}) {
    const operation = this.world.operations.get(name);
    if (!operation) throw new Error(`no contract has an operation ${name}`);
    const given = body === undefined ? operation.bodies[0] : body;
    const text = given === undefined || typeof given === 'string' ? given : JSON.stringify(given);
    return {
      name,
      method: operation.method,
      path: pathOf(operation, ids) + query,
      headers: {
        ...this.headersFor(operation, ids),
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: text,
    };
  }

  /** Sends a request and shows its answer to whoever wants to see it. */
  async send(request) {
    const answer = await send(this.world.agent, this.world.url, request);
    this.seen(answer, request);
    return answer;
  }

  /** Calls an operation; `json` of the answer is its body, as far as it has one. */
  async call(name, given) {
    const answer = await this.send(this.request(name, given));
    return { ...answer, json: readJson(answer.text) };
  }

  /**
   * Goes through a whole purchase. Returns the ids of what came to be; what was refused has none.
   * @param {(name: string, body: any) => any} [change] makes another body for an operation
   */
  async buy(change = (_name, body) => body) {
    const ids = {};
    const step = async (name, body = bodyOf(name)) => {
      const { headers = {}, json = {} } = await this.call(name, { ids, body: change(name, body) });
      return { ...json, headers };
    };
    const open = await step('createSession');
    Object.assign(ids, { session: open.session_id, client_token: open.client_token });
    ids.authorization = (await step('authorizeSession')).authorization_token;
    ids.token = (await step('createCustomerToken')).token_id;
    ids.captured = (await step('createOrder')).order_id;
    ids.order = ids.captured;
    ids.capture = (await step('captureOrder')).headers['capture-id'];
    ids.refund = (await step('refundOrder')).headers['refund-id'];
    ids.order = (await step('createCustomerTokenOrder')).order_id;
    const next = await step('createSession');
    Object.assign(ids, { session: next.session_id, client_token: next.client_token });
    const { origin } = new URL(this.world.url);
    const page = { payment_session_url: `${origin}/payments/v1/sessions/${next.session_id}` };
    ids.hosted_session = (await step('createHostedSession', page)).session_id;
    const other = await step('createSession');
    Object.assign(ids, { session: other.session_id, client_token: other.client_token });
    ids.authorization = (await step('authorizeSession')).authorization_token;
    return ids;
  }
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
