/** Prints how test files did. */
import { stringify } from 'yaml';

const indent = (text) => text.trimEnd().replace(/^/gm, '    ');

/** Prints in one line how a file did, and below it what it has to say; its failures are told already where it printed. */
export function tell({ file, passed, count, failed, skipped, errors, code, signal, seconds }, printed) {
  const time = `${seconds.toFixed(1)} s`;
  const lines = [`${passed ? 'ok  ' : 'FAIL'} ${file}  ${count - failed.length} of ${count} in ${time}`];
  for (const { fullname, reason } of skipped) lines.push(`  skipped: ${fullname}: ${reason}`);
  for (const { fullname, diag } of printed ? [] : failed) {
    lines.push(`  ${fullname}`, ...(diag ? [indent(stringify(diag))] : []));
  }
  if (!passed && failed.length === 0) lines.push(`  ended ${signal ? `by ${signal}` : `with ${code}`}`);
  if (errors) lines.push(indent(errors));
  console.log(lines.join('\n'));
}
