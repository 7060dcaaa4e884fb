/** A remark of GitHub Actions, at a place in a file where there is one. */
export interface Annotation {
  level?: 'error' | 'warning' | 'notice';
  file?: string;
  line?: number;
  column?: number;
  title: string;
  message: string;
}

/** An annotation, an error unless it says otherwise, as a workflow command of GitHub Actions: one line. */
export function renderAnnotation({ level = 'error', file, line, column, title, message }: Annotation): string {
  const properties = Object.entries({ file, line, col: column, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${level} ${properties.join(',')}::${data(message)}`;
}

/** In the message of a command these signs are written so; in its properties two more are. */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
