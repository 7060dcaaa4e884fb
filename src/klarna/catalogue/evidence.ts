/** Why we believe that Klarna does so, in falling order of trust. */
export type Evidence = 'recorded' | 'spec' | 'docs' | 'reported' | 'inferred';
