import type { components } from '../../contract/generated/sandbox.js';

/** Types of the control API's contract, by its names. */
export type Schemas = components['schemas'];
export type Exchange = Schemas['exchange'];
export type CallbackAttempt = Schemas['callback_attempt'];
export type DueCallback = Schemas['due_callback'];
export type ChosenScenario = Schemas['chosen_scenario'];
export type Session = Schemas['listed_session'];
export type Authorization = Schemas['listed_authorization'];
export type CustomerToken = Schemas['listed_customer_token'];
export type Order = Schemas['listed_order'];
export type HostedSession = Schemas['listed_hosted_session'];
export type OrderParts = Schemas['order_parts'];
export type Refusal = Schemas['refusal'];
export type Rule = Schemas['listed_rule'];
export type ListedScenario = Schemas['listed_scenario'];
export type Problem = Schemas['scenario_problem'];
export type Report = Schemas['report'];
export type PlayedScenario = Schemas['played_scenario'];
/** The data of each kind of event, by its name. */
export type EventData = Required<Schemas['events']>;
