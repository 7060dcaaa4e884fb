/** The headers that limit what a page may do in a browser. */
export interface Guard {
  /** Directives of its content security policy, all but that about frames. */
  policy: readonly string[];
  /** True when pages of any origin may show it in a frame; none may otherwise. */
  framed?: boolean;
}

/** Returns the headers of everything that a person looks at: it is what it says it is, for nobody else, and not to be kept. */
export const guardHeaders = ({ policy, framed = false }: Guard): Record<string, string> => ({
  'cache-control': 'no-store',
  'content-security-policy': (framed ? policy : [...policy, "frame-ancestors 'none'"]).join(';'),
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  // For browsers that do not know the policy's word for it.
  ...(!framed && { 'x-frame-options': 'DENY' }),
});
