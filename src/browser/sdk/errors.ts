/** The errors of Klarna's script, each with its message. Where a message says what was given, it stands at the end. */
const messages = {
  InvalidClientTokenError: 'The client token is invalid. Make sure it has not been tampered with in any way.',
  ApplicationNotInitializedError: 'The application has not yet been initialized. Call `init` first to initialize it.',
  ApplicationNotLoadedError: 'The application has not yet been loaded. Call `load` first to load it.',
  InvalidContainerSelectorError:
    'The container selector is invalid. Please, check that the used ID or CSS class name is correct and that it targets an existing DOM element.',
  TypeError: 'Property `options.container` must be a string (CSS selector) or HTMLElement',
  PaymentMethodCategoryNotSupportedError: 'This payment method category is not supported: ',
  InstanceIDNotProvidedError: 'An instance ID must be provided when the `payment_method_categories` option is used.',
  InvalidInstanceIDError: 'The instance ID must only contain alphabets, numbers, underscores (_) and hyphens (-).',
  PreferredPaymentMethodNotSupportedError: 'This preferred payment method is not supported: ',
  OperationNotSupportedError: 'The operation is not supported for the current purchase country.',
  EventNotSupportedError: 'This event name is not supported: ',
} as const;

export type ErrorName = keyof typeof messages;

/** A mistake in a call: the error that the page gets, and a sentence that says what to do. */
export interface Mistake {
  name: ErrorName;
  /** The given value, where the message ends with it. */
  given?: string;
  advice: string;
}

/** Returns the error of a mistake, with Klarna's name and message. */
export function errorOf({ name, given = '' }: Mistake): Error {
  const message = messages[name] + given;
  const error = name === 'TypeError' ? new TypeError(message) : new Error(message);
  error.name = name;
  return error;
}
