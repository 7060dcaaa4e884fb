/**
 * How Klarna's API keys begin, and the signs that may follow: `klarna_test_api_…`, `klarna_live_api_…`. A client id
 * (`klarna_test_client_…`) is for the browser and none (docs: authentication).
 */
const KEY = 'klarna_(?:test|live)_(?!client_)';

const whole = new RegExp(`^${KEY}[\\x21-\\x7e]+$`);
const within = new RegExp(String.raw`${KEY}[\w+/=,.~-]+`, 'g');

/** Whether a text is an API key. */
export const isApiKey = (text: string): boolean => whole.test(text);

/** Whether a text is an API key of Klarna's live environment. */
export const isLiveKey = (text: string): boolean => isApiKey(text) && text.startsWith('klarna_live_');

/** A text without the API keys in it. */
export const withoutApiKeys = (text: string): string => text.replace(within, 'redacted');
