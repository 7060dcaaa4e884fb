/** Something that went wrong, in words for the person at the page. */
export interface Trouble {
  title: string;
  /** The reason, as the sandbox gives it. */
  detail: string;
  /** The thing to do now. */
  advice: string;
  /** True when the same request may succeed later. */
  again: boolean;
}

/** Thrown by every call of the server that does not succeed. */
export class TroubleError extends Error {
  constructor(readonly trouble: Trouble) {
    super(`${trouble.title}: ${trouble.detail}`);
    this.name = 'TroubleError';
  }
}

/** Returns the text of Klarna's error body, or undefined for any other body. */
function messagesOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { error_messages: messages } = body as { error_messages?: unknown };
  return Array.isArray(messages) && messages.length > 0 ? messages.map(String).join('; ') : undefined;
}

const words: Readonly<Record<number, Pick<Trouble, 'title' | 'advice'>>> = {
  400: {
    title: 'The purchase is refused as it stands',
    advice: 'Correct the data that the shop sends with the session or with this call, and begin again from the shop.',
  },
  401: {
    title: 'This page may not look at the session',
    advice: 'Create a new session, and give its client_token to Klarna.Payments.init().',
  },
  403: {
    title: 'This session takes no purchase any more',
    advice: 'Create a new session in the shop, and begin again.',
  },
  404: {
    title: 'This session is not there, or it has ended',
    advice: 'Sessions end 48 hours after their creation or last update. Create a new one in the shop, and begin again.',
  },
  429: { title: 'Too many calls', advice: 'Wait a moment, and try again.' },
};

/** Returns what to say of an answer that is no success. @param explain the header `Mock-Klarna-Explain` */
export function troubleOf(status: number, body: unknown, explain: string | null): Trouble {
  const { title, advice } = words[status] ?? {
    title: 'The sandbox could not answer',
    advice: 'Try again; its journal and its console say more.',
  };
  const detail = explain ?? messagesOf(body) ?? `It answered with status ${status}.`;
  return { title, detail, advice, again: status === 429 || status >= 500 };
}

/** Returns what to say when no answer came. */
export function noAnswer(url: string): Trouble {
  return {
    title: 'The sandbox does not answer',
    detail: `Nothing came back from ${url}.`,
    advice: 'Look whether mock-klarna still runs, and try again.',
    again: true,
  };
}

/** Returns the trouble of whatever was thrown. */
export function readTrouble(error: unknown): Trouble {
  if (error instanceof TroubleError) return error.trouble;
  return {
    title: 'Something in this page failed',
    detail: String(error),
    advice: 'Load the page again; if it happens again, it is a fault of mock-klarna.',
    again: true,
  };
}
