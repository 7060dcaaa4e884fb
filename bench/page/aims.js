import { OUTCOMES } from '../measures/growth.js';
import { median, ratios } from '../rounds.js';
import { digits, spread, table } from './markdown.js';

const whole = digits(0);
const MEBIBYTE = 2 ** 20;
const rate = (measured) => measured.rate;

/** Writes an aim: the values of all rounds, and the least or the most that their median may be. */
function aim(label, values, { atLeast, atMost, unit = '', write }) {
  const most = atLeast === undefined;
  const kept = most ? median(values) <= atMost : median(values) >= atLeast;
  const wanted = most ? `at most ${atMost}` : `at least ${atLeast}`;
  return [label, spread(values, write) + unit, wanted + unit, kept ? 'kept' : '**missed**'];
}

function speed({ created, bought, started, slowest }) {
  const faster = (label, measured, name, atLeast) =>
    measured[name] ? [aim(label, ratios(measured.mockKlarna, measured[name], rate), { atLeast })] : [];
  return [
    ...faster('create session, to bare', created, 'bare', 0.9),
    ...faster('mixed purchase, to bare', bought, 'bare', 0.75),
    ...faster('create session, to WireMock without journal', created, 'wiremockWithoutJournal', 2.5),
    ...faster('create session, to WireMock with journal', created, 'wiremock', 4.5),
    ...faster('create session, to Prism', created, 'prism', 4),
    aim('first answer, to bare', ratios(started.mockKlarna, started.bare), { atMost: 0.55 }),
    aim('99th percentile at half load', slowest.mockKlarna, { atMost: 5, unit: ' ms', write: digits(1) }),
  ];
}

function room({ occupied, heap, installed }) {
  const idle = occupied.mockKlarna.map(({ idle }) => idle / MEBIBYTE);
  const loaded = ratios(occupied.mockKlarna, occupied.bare, ({ loaded }) => loaded);
  const megabytes = { unit: ' MB', write: whole };
  return [
    aim('idle memory', idle, { atMost: 62, ...megabytes }),
    aim('memory after load, to bare', loaded, { atMost: 1.2 }),
    aim('heap a session', heap.mockKlarna, { atMost: 1200, unit: ' bytes', write: whole }),
    aim('packages in a project', [installed.packages], { atMost: 1, write: whole }),
    aim('space in a project', [installed.project], { atMost: 20, ...megabytes }),
    aim('`npm ci` of the repository', [installed.repository], { atMost: 450, ...megabytes }),
  ];
}

function growth({ byOutcomes, byMerchants, bySessions, counts }) {
  const steady = (label, some, others) => aim(label, ratios(some, others, rate), { atLeast: 0.9 });
  const { none, one, values, matchers } = byOutcomes;
  return [
    steady('one outcome, to none', one, none),
    steady(`${whole(OUTCOMES)} outcomes that differ by a value, to none`, values, none),
    steady(`${whole(OUTCOMES)} outcomes that differ by a matcher, to none`, matchers, none),
    steady(`${whole(counts.merchants)} merchants, to one`, byMerchants.many, byMerchants.one),
    steady(`${whole(counts.sessions)} kept sessions, to none`, bySessions.many, bySessions.none),
  ];
}

function waiting({ played, reported, embedded, counts }) {
  const seconds = { unit: ' s' };
  const ms = { unit: ' ms', write: whole };
  return [
    aim('scenarios a second, once started', played.scenarios, { atLeast: 150, write: whole }),
    aim('`verify` of all cases', played.verify, { atMost: 2, ...seconds }),
    aim('`replay` of a year of renewals', played.year, { atMost: 0.5, ...seconds }),
    aim(`\`report\` of ${whole(counts.exchanges)} exchanges`, reported, { atMost: 0.5, ...seconds }),
    aim('first sandbox of a process, import included', embedded.first, { atMost: 120, ...ms }),
    aim('second sandbox', embedded.second, { atMost: 10, ...ms }),
    aim('finding the first scenario of a process, by name', embedded.byName, { atMost: 20, ...ms }),
    aim('finding the first scenario of a process, by alias', embedded.byAlias, { atMost: 20, ...ms }),
  ];
}

/** Writes the table of what was aimed at. */
export const aims = (results) =>
  table(
    ['', 'measured', 'aim', ''],
    [speed, room, growth, waiting].flatMap((part) => part(results)),
  );
