/** The evidence that Klarna behaves in a certain way, in falling order of trust. */
export type Evidence = 'recorded' | 'spec' | 'docs' | 'reported' | 'inferred';
