/** The formats of reports, in the order in which help texts name them. */
export const FORMATS = ['html', 'junit', 'json', 'md', 'sarif'] as const;

/** A format of reports. */
export type Format = (typeof FORMATS)[number];
