import type { Exchange } from '../../../src/browser/live/types.js';

/** An exchange as the control API tells it. */
export const exchange = (more: Partial<Exchange> = {}): Exchange => ({
  number: 1,
  at: '2026-03-02T09:00:00.000Z',
  method: 'POST',
  path: '/payments/v1/sessions',
  operation: 'createSession',
  request: {
    headers: {
      host: 'localhost:5527',
      authorization: '[redacted]',
      'content-type': 'application/json',
      'x-mine': "it's",
    },
    body: { purchase_country: 'SE', purchase_currency: 'SEK' },
  },
  status: 200,
  response: {
    headers: { 'Content-Type': 'application/json' },
    body: { session_id: '6f1c8a52-5d0b-4c1e-9a54-2f7e0b6c3d11', client_token: 'ey.J' },
  },
  duration_ms: 1.4,
  ...more,
});
