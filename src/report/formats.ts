/** How a report is written, by the name of the format. */
export type Formats<R> = Readonly<Record<string, (report: R) => string>>;
