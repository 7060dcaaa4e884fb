/** Hosts of Klarna that the stand-in takes the place of, by what is served there. */
export const klarnaHosts = {
  /** The merchant APIs, live and playground, in Europe, North America and Oceania. */
  apis: {
    names: [
      'api.klarna.com',
      'api-na.klarna.com',
      'api-oc.klarna.com',
      'api.playground.klarna.com',
      'api-na.playground.klarna.com',
      'api-oc.playground.klarna.com',
    ],
    evidence: 'docs',
    source: 'Klarna: API URLs',
  },
  /** The scripts for browsers. */
  scripts: {
    names: ['x.klarnacdn.net', 'js.klarna.com'],
    evidence: 'docs',
    source: 'Klarna: web SDK; Klarna Payments, step 2',
  },
} as const;

/** The names of all of them. */
export const klarnaHostNames: readonly string[] = Object.values(klarnaHosts).flatMap(({ names }) => names);
