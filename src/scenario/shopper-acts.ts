/** Something that the shopper does in a step. */
export interface ShopperAct {
  /** The operation of the control API that does it. */
  operation: string;
  /** What stands in `with`: the purchase as authorize takes it, how it ends, or nothing. */
  takes: 'purchase' | 'result' | 'nothing';
  /** What the shopper does, in words. */
  deed: string;
}

/** What the shopper may do, by the word in `shopper:`. The last four are done on Klarna's hosted page. */
export const shopperActs: ReadonlyMap<string, ShopperAct> = new Map([
  ['authorize', { operation: 'authorizeSession', takes: 'purchase', deed: 'authorizes' }],
  ['finalize', { operation: 'finalizeSession', takes: 'result', deed: 'finalizes' }],
  ['complete', { operation: 'completeHostedSession', takes: 'purchase', deed: 'pays on the hosted page' }],
  ['fail', { operation: 'failHostedSession', takes: 'nothing', deed: 'is refused on the hosted page' }],
  ['cancel', { operation: 'cancelHostedSession', takes: 'nothing', deed: 'cancels on the hosted page' }],
  ['back', { operation: 'backHostedSession', takes: 'nothing', deed: 'goes back from the hosted page' }],
]);

/** The act that an operation of the control API does. */
export function actBy(operation: string): ShopperAct | undefined {
  return [...shopperActs.values()].find((act) => act.operation === operation);
}
