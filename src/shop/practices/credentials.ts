import type { Practice } from './practice.js';

/** The practices for API keys. */
export const credentials: Practice[] = [
  {
    id: 'practice/live-key',
    severity: 'warning',
    says: 'Tests use API keys of Klarna’s playground.',
    why: 'A key of the live environment charges real people, and belongs into no test and no log of one. It is told by how it begins, klarna_live_, and once for each merchant.',
    evidence: 'docs',
    source: 'Klarna: authentication',
    check: ({ calls }) =>
      calls
        .filter(({ exchange }) => exchange.live_key)
        .slice(0, 1)
        .map((call) => ({
          call,
          path: '$.headers.authorization',
          message: `${call.operation.name} comes with an API key of Klarna's live environment; use one of the playground (klarna_test_...), and have this one replaced if it was stored anywhere`,
        })),
  },
];
