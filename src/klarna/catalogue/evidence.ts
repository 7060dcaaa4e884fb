/** The grades of the evidence that Klarna behaves in a certain way, in falling order of trust, each with its meaning. */
export const grades = {
  recorded: 'Seen in recorded traffic that somebody published.',
  spec: 'Said by Klarna’s OpenAPI documents.',
  docs: 'Said by Klarna’s documentation.',
  reported: 'Reported by somebody who integrated Klarna, for example in an issue.',
  inferred: 'Our own conclusion or choice, where no source says anything.',
} as const;

export type Evidence = keyof typeof grades;
