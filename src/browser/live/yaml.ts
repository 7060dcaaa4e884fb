/** Words that YAML would not read as text. */
const SPECIAL = /^(?:true|false|null|yes|no|on|off|~|[-+]?[\d.].*|)$/i;
const PLAIN = /^[A-Za-z_$][\w$./@-]*$/;

/** Returns text as YAML reads it back. */
const scalar = (text: string): string => (PLAIN.test(text) && !SPECIAL.test(text) ? text : JSON.stringify(text));

/** The longest value that stands on one line, in characters. */
const ONE_LINE = 90;

/** Returns a value in YAML's flow form, on one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'string') return scalar(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return fields.length === 0
    ? '{}'
    : `{ ${fields.map(([key, inner]) => `${scalar(key)}: ${flow(inner)}`).join(', ')} }`;
}

const isPlain = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  Object.values(value).every((inner) => typeof inner !== 'object' || inner === null);

/** Returns a value as YAML, short collections on one line. The text ends with a line break. */
export function toYaml(value: unknown, indent = ''): string {
  const line = flow(value);
  const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  const short = isPlain(value) && line.length + indent.length <= ONE_LINE && indent !== '';
  if (typeof value !== 'object' || value === null || empty || short) return `${line}\n`;
  if (Array.isArray(value)) {
    return value.map((item) => `${indent}- ${toYaml(item, `${indent}  `).replace(/^ +/, '')}`).join('');
  }
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => {
      const written = toYaml(inner, `${indent}  `);
      const block = written.includes('\n', 0) && written.trimEnd().includes('\n');
      const nested = block || /^ /.test(written);
      return `${indent}${scalar(key)}:${nested ? `\n${written}` : ` ${written}`}`;
    })
    .join('');
}
