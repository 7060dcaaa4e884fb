/**
 * Pattern of the beginning of an API key (`klarna_test_api_…`, `klarna_live_api_…`). Client ids
 * (`klarna_test_client_…`) are for the browser and are not API keys (docs: authentication).
 */
const KEY = 'klarna_(?:test|live)_(?!client_)';

const whole = new RegExp(`^${KEY}[\\x21-\\x7e]+$`);
const within = new RegExp(String.raw`${KEY}[\w+/=,.~-]+`, 'g');

/** Tells whether a text is an API key. */
export const isApiKey = (text: string): boolean => whole.test(text);

/** Tells whether a text is an API key of Klarna's live environment. */
export const isLiveKey = (text: string): boolean => isApiKey(text) && text.startsWith('klarna_live_');

/** Returns a text with each API key in it replaced by `redacted`. */
export const withoutApiKeys = (text: string): string => text.replace(within, 'redacted');
