import type { Report } from './report.js';

export interface Annotation {
  file: string;
  line: number;
  column?: number;
  title: string;
  message: string;
}

/**
 * Annotations for GitHub Actions, one line each: an error at the failed step of each scenario that failed.
 * @param toFile the file as annotations name it
 */
export function renderAnnotations({ scenarios }: Report, toFile: (file: string) => string): string[] {
  return scenarios
    .filter(({ result }) => result === 'failed')
    .map(({ name, file, steps, reason }) => {
      const last = steps.at(-1);
      const message = last?.complaints.join('\n') || String(reason);
      return renderAnnotation({ file: toFile(file), line: last?.line ?? 1, title: `replay ${name}`, message });
    });
}

/** An error as a workflow command of GitHub Actions. */
export function renderAnnotation({ file, line, column, title, message }: Annotation): string {
  const col = column === undefined ? '' : `,col=${column}`;
  return `::error file=${property(file)},line=${line}${col},title=${property(title)}::${data(message)}`;
}

/** In the message of a command these signs are written so; in its properties two more are. */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
