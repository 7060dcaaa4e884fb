/** Tells what became of the faults that were drawn. */

const oneLine = (text) => text.replace(/\s+/g, ' ').slice(0, 100);

/**
 * One line on a fault: where it is, what it changes, and which tests noticed or did not.
 * @param {import('./attempt.js').Result} result
 */
export function describe({ fault: { file, line, column, kind, from, to }, verdict, tried }) {
  const by =
    verdict === 'killed' ? tried.at(-1) : tried.length === 0 ? 'no test reaches it' : `${tried.length} test files pass`;
  return `${file}:${line}:${column}  ${verdict}  ${kind}: ${oneLine(from)} -> ${oneLine(to)}  (${by})`;
}

const percent = (part, whole) => Math.floor((part / whole) * 1000) / 10;

/**
 * The counts of each room and of all of them. What was undecided counts as survived.
 * @param {import('./attempt.js').Result[]} results
 */
export function tally(results) {
  const rooms = [...new Set(results.map(({ fault }) => fault.room))].sort();
  const row = (name, inside) => {
    const count = (verdict) => inside.filter((result) => result.verdict === verdict).length;
    const [killed, survived, undecided] = ['killed', 'survived', 'undecided'].map(count);
    return { room: name, killed, survived, undecided, percent: percent(killed, inside.length) };
  };
  return {
    rooms: rooms.map((room) =>
      row(
        room,
        results.filter(({ fault }) => fault.room === room),
      ),
    ),
    all: row('all', results),
  };
}

/**
 * The counts as a table, and below it the faults that were not noticed.
 * @param {import('./attempt.js').Result[]} results
 */
export function render(results) {
  const { rooms, all } = tally(results);
  const line = (cells) =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(12) : String(cell).padStart(10))).join('');
  const table = [
    line(['room', 'killed', 'survived', 'undecided', '%']),
    ...[...rooms, all].map((row) => line([row.room, row.killed, row.survived, row.undecided, row.percent.toFixed(1)])),
  ];
  const unnoticed = results.filter(({ verdict }) => verdict !== 'killed');
  return [...table, ...(unnoticed.length > 0 ? ['', 'Not noticed:', ...unnoticed.map(describe)] : [])].join('\n');
}
