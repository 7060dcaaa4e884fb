// All lengths are in pixels.
const WIDTH = 1600;
const ROW = 17;
const MARGIN = 10;
const HEAD = 52;

/** The width of a letter of the monospaced font; a name is cut to what fits. */
const LETTER = 6.6;

/** What is narrower is left out. */
const NARROWEST = 1;

const ORIGINS = {
  program: { colour: '#ffb3c7', label: 'mock-klarna and its libraries' },
  node: { colour: '#c7dbf5', label: 'Node' },
  engine: { colour: '#dcdcdc', label: 'V8, garbage collector included' },
};

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const round = (number) => Number(number.toFixed(1));

/** Returns the bars of a call and of all that it called, each on the one that called it. */
function bars({ calls }, left, depth, scale) {
  let from = left;
  return calls.flatMap((call) => {
    const width = call.time * scale;
    const at = from;
    from += width;
    if (width < NARROWEST) return [];
    return [{ ...call, at, width, depth }, ...bars(call, at, depth + 1, scale)];
  });
}

function drawBar({ name, origin, at, width, depth, time }, bottom, whole) {
  const y = bottom - (depth + 1) * ROW;
  const letters = Math.floor((width - 6) / LETTER);
  const text = name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
  const label = letters < 3 ? '' : `<text x="${round(at + 3)}" y="${y + 12}">${escaped(text)}</text>`;
  const title = `<title>${escaped(name)}: ${((time / whole) * 100).toFixed(1)} %</title>`;
  const { colour } = ORIGINS[origin];
  return `<g>${title}<rect x="${round(at)}" y="${y}" width="${round(width)}" height="${ROW - 1}" fill="${colour}"/>${label}</g>`;
}

/**
 * Draws calls as a flame graph: width is time, and a function stands on the one that called it.
 * @param {import('./calls.js').Call} root
 */
export function drawFlame(root, title) {
  const drawn = bars(root, MARGIN, 0, (WIDTH - 2 * MARGIN) / root.time);
  const height = HEAD + (Math.max(...drawn.map(({ depth }) => depth)) + 1) * ROW + MARGIN;
  const legend = Object.values(ORIGINS).map(
    ({ colour, label }, at) =>
      `<rect x="${MARGIN + at * 260}" y="28" width="12" height="12" fill="${colour}"/><text x="${MARGIN + at * 260 + 18}" y="38">${label}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="11">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${MARGIN}" y="19" font-size="14">${escaped(title)}</text>`,
    ...legend,
    ...drawn.map((bar) => drawBar(bar, height - MARGIN, root.time)),
    '</svg>\n',
  ].join('\n');
}
