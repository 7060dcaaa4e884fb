import { createHash } from 'node:crypto';
import type { Unjudged } from '../exchange/recorded.js';
import type { Evidence } from '../klarna/catalogue/evidence.js';
import type { Coverage } from './coverage.js';
import { printable } from './text.js';

/** How bad a finding is, the worst first. */
export const SEVERITIES = ['violation', 'warning', 'note'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** Where something was found: what is known of it. */
export interface Place {
  /** Its number in the merchant's journal, or in the recording. */
  exchange?: number;
  /** The file, as the user named it. */
  file?: string;
  /** From 1. */
  line?: number;
  /** The name of a contract case, a generated request or an interaction. */
  case?: string;
  /** User name of the merchant. */
  merchant?: string;
}

/** One thing that a harness found. */
export interface Finding {
  /** Stable id in kebab case: `contract/…`, `practice/…`, `answer/…`, `case/…`, `generated/…`, `recording/…`. */
  check: string;
  severity: Severity;
  /** The operation's name in the contract. */
  operation?: string;
  /** One line: what was given, what was expected, what to do. */
  message: string;
  /** Where in the request or the answer, such as `$.body.order_lines[0].name`. */
  path?: string;
  expected?: unknown;
  got?: unknown;
  /** Why we believe that Klarna does so, where the check itself does not say. */
  evidence?: Evidence;
  source?: string;
  where: Place;
  /** The same in every run that finds the same: what a baseline knows it by. */
  fingerprint: string;
}

/** Something a harness looks for. */
export interface Check {
  /** As `check` of its findings. */
  id: string;
  severity: Severity;
  /** What it looks for, in a few words. */
  title: string;
  /** Why it matters. */
  reason?: string;
  evidence?: Evidence;
  source?: string;
}

/** What came of a run of the harness, as plain data: the JSON report, and what the others are made from. */
export interface HarnessReport {
  tool: 'report' | 'verify' | 'record' | 'drift';
  /** What was judged, in a few words. */
  title: string;
  /** Where; no port. */
  target: string;
  findings: Finding[];
  /** How many exchanges, cases or requests were judged. */
  judged: number;
  unjudged: Unjudged[];
  /** The checks that ran, those without findings as well. */
  checks?: Check[];
  /** Of a shop only. */
  coverage?: Coverage;
  /** What a baseline took out of the findings. */
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
export interface FindingParts extends Omit<Finding, 'fingerprint'> {
  /** What else tells it from others of its check, operation and path: the name of a rule, of a header. No id, no time. */
  identity?: string;
}

/**
 * A finding with its fingerprint: of check, operation, path without indices, identity, and the file and the case it
 * was found in. Message, values, lines and journal numbers may differ from run to run. The message becomes printable.
 */
export function finding({ identity, ...parts }: FindingParts): Finding {
  const { check, operation, path, where } = parts;
  const words = [check, operation, path?.replace(/\[\d+\]/g, '[]'), identity, where.file, where.case];
  const fingerprint = createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16);
  return { ...parts, message: printable(parts.message), fingerprint };
}
