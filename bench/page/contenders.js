import { ratios } from '../rounds.js';
import { digits, spread, table } from './markdown.js';

const whole = digits(0);
const MEBIBYTE = 2 ** 20;
const rate = (measured) => measured.rate;

const COLUMNS = ['create session', 'mixed purchase', 'scripted answer', 'first answer', 'idle', 'after load'];

/** Writes what each contender came to. */
export function contenderTable({ contenders, created, bought, failed, started, occupied, counts }) {
  const rows = Object.entries(contenders).map(([id, { name, version }]) => {
    if (!version) return [name, 'not installed: `npm ci --prefix bench`', ...COLUMNS.map(() => '')];
    const rates = (measured, each = 1) =>
      `${spread(
        measured[id].map(rate).map((all) => all / each),
        whole,
      )} /s`;
    const memory = (kind) =>
      `${spread(
        occupied[id].map((each) => each[kind] / MEBIBYTE),
        whole,
      )} MB`;
    return [
      name,
      version,
      rates(created),
      rates(bought, counts.steps),
      rates(failed),
      `${spread(started[id], whole)} ms`,
      memory('idle'),
      memory('loaded'),
    ];
  });
  return table(['', 'version', ...COLUMNS], rows);
}

/** Writes what mock-klarna came to in proportion to each of the others. */
export function ratioTable({ contenders, created, bought, failed, started, occupied }) {
  const others = Object.entries(contenders).filter(([id, { version }]) => id !== 'mockKlarna' && version);
  const rows = others.map(([id, { name }]) => {
    const to = (measured, value) => spread(ratios(measured.mockKlarna, measured[id], value));
    return [
      name,
      ...[created, bought, failed].map((measured) => to(measured, rate)),
      to(started),
      to(occupied, ({ idle }) => idle),
      to(occupied, ({ loaded }) => loaded),
    ];
  });
  return table(['mock-klarna to', ...COLUMNS], rows);
}

/** Writes what is known of mock-klarna and the bare route alone. */
export function bareTable({ spent, heap, slowest, counts }) {
  const line = (label, measured, value, unit, write = whole) => {
    const cell = (name) => `${spread(measured[name].map(value), write)} ${unit}`;
    return [label, cell('mockKlarna'), cell('bare'), spread(ratios(measured.mockKlarna, measured.bare, value))];
  };
  const itself = (value) => value;
  return table(
    ['', 'mock-klarna', 'bare', 'ratio'],
    [
      line('CPU a session', spent.session, ({ cpu }) => cpu, 'µs'),
      line('CPU a purchase', spent.purchase, ({ cpu }) => cpu * counts.steps, 'µs'),
      line('heap a session', heap, itself, 'bytes'),
      line('99th percentile at half load', slowest, itself, 'ms', digits(1)),
    ],
  );
}
