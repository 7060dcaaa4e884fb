import { hash } from 'node:crypto';
import type { components } from '../contract/generated/sandbox.js';
import type { Unjudged } from '../exchange/recorded.js';
import type { Coverage } from './coverage.js';
import { printable } from './text.js';

type Schemas = components['schemas'];

/** A severity of a finding. */
export type Severity = Schemas['severity'];

/** The severities of findings, the worst first. */
export const SEVERITIES = ['violation', 'warning', 'note'] as const satisfies readonly Severity[];

/** The place where something was found, as far as it is known. */
export type Place = Schemas['finding']['where'] & {
  /** The file, as the user named it. */
  file?: string;
  /** From 1. */
  line?: number;
  /** The name of a contract case, a generated request or an interaction. */
  case?: string;
  /** Number of the step in it, from 1. */
  step?: number;
};

/**
 * A result of a check: a violation, a warning or a note. Its `check` is a stable id in kebab case: `contract/…`,
 * `practice/…`, `answer/…`, `case/…`, `generated/…`, `recording/…`, `step/…`.
 */
export type Finding = Omit<Schemas['finding'], 'where'> & { where: Place };

/** A request that findings are about, with its answer: an exchange without its times. */
export type SeenExchange = Omit<Schemas['seen_exchange'], 'where'> & {
  /** The place of the findings about it. */
  where: Place;
  /** The side that answered, where the answers of two are compared. */
  side?: string;
};

/** A rule that a harness checks. */
export type Check = Schemas['check'];

/** The report of a run as plain data: the JSON report, and the source of every other format. */
export interface HarnessReport {
  tool: 'report' | 'verify' | 'record' | 'drift' | 'replay';
  /** The subject, in a few words. */
  title: string;
  /** The target in words, without a port. */
  target: string;
  findings: Finding[];
  /** The exchanges that the findings are about; those of a replay stand in its scenarios. */
  exchanges?: SeenExchange[];
  /** The number of exchanges, cases or requests that were judged. */
  judged: number;
  unjudged: Unjudged[];
  /** The checks that ran, those without findings as well. */
  checks?: Check[];
  /** Seconds that checks took, by their ids; absent where a run repeats, in which no time passes. */
  seconds?: Readonly<Record<string, number>>;
  /** Of a shop only. */
  coverage?: Coverage;
  /** The findings that a baseline knows, and those that are gone. */
  baseline?: { known: Finding[]; fixed: KnownFinding[] };
}

/** A finding as a baseline remembers it: the fingerprint counts, the rest is for people. */
export interface KnownFinding {
  fingerprint: string;
  check: string;
  operation?: string;
  message: string;
}

/** A finding before it has a fingerprint. */
export type FindingParts = Omit<Finding, 'fingerprint'> & {
  /** Text that tells it from others of the same check, operation and path, such as the name of a rule or a header. No id, no time. */
  identity?: string;
};

/**
 * Returns a finding with its fingerprint: the hash of check, operation, path without indices, identity, file and case.
 * Message, values, lines and journal numbers may differ from run to run. The message becomes printable.
 */
export function finding({ identity, ...parts }: FindingParts): Finding {
  const { check, operation, path, where } = parts;
  const identifying = [check, operation, path?.replace(/\[\d+\]/g, '[]'), identity, where.file, where.case];
  return { ...parts, message: printable(parts.message), fingerprint: fingerprintOf(JSON.stringify(identifying)) };
}

/** The latest fingerprint. Findings of one kind are made one after the other, and hashing takes longer than the rest. */
let latest = { text: '', fingerprint: '' };

function fingerprintOf(text: string): string {
  if (text !== latest.text) {
    latest = { text, fingerprint: hash('sha256', text).slice(0, 16) };
  }
  return latest.fingerprint;
}
