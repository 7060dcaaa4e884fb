import { renderAnnotation } from '../../report/annotation.js';
import type { Report } from './report.js';

/**
 * Annotations for GitHub Actions, one line each: an error at the failed step of each scenario that failed, and a warning
 * where something tested nothing.
 * @param toFile the file as annotations name it
 */
export function renderAnnotations({ scenarios }: Report, toFile: (file: string) => string): string[] {
  const failures = scenarios
    .filter(({ result }) => result === 'failed')
    .map(({ name, file, steps, reason }) => {
      const last = steps.at(-1);
      const message = last?.complaints.join('\n') || String(reason);
      return renderAnnotation({ file: toFile(file), line: last?.line ?? 1, title: `replay ${name}`, message });
    });
  const warnings = scenarios.flatMap(({ name, file, warnings }) =>
    warnings.map(({ line, message }) =>
      renderAnnotation({ level: 'warning', file: toFile(file), line, title: `replay ${name}`, message }),
    ),
  );
  return [...failures, ...warnings];
}
