import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from '../../contract/operations.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import { failureOf } from '../../klarna/catalogue/errors.js';
import type { Reason } from '../../klarna/catalogue/rules.js';
import { refuse } from '../../klarna/decision.js';
import type { Fault } from '../../scenario/scenario.js';
import { type Outgoing, render } from '../answers.js';

/** Time in milliseconds after which a silent connection is closed, for a client without a time limit of its own. */
const LONGEST_SILENCE = 120_000;

/** The status in the journal of an exchange without an answer. */
export const NO_ANSWER = 0;

/** The request of a faulty exchange. */
export interface Asked {
  correlationId: string;
  operation: Operation;
}

/** Makes the answer of Klarna's own failure with a status; for a status that none is known of, one without a body. */
function failWith(status: number, { correlationId, operation: { name, api } }: Asked, because: Reason): Outgoing {
  const failure = failureOf(status, name, api);
  if (failure) return render(refuse(failure, because), correlationId, api);
  return { status, headers: { 'klarna-correlation-id': correlationId }, because };
}

/** A body that claims to be JSON and is not. */
const GARBAGE = '\u0000\u0001{"error_code":<!doctype html>\u0002';

/** Returns an answer as changed by a fault on the wire, as far as anything of it is still sent. */
export function bend(answer: Outgoing, fault: Fault, asked: Asked, because: Reason): Outgoing {
  switch (fault.kind) {
    case 'status':
      return failWith(fault.status as number, asked, because);
    case 'garbage':
      return {
        ...answer,
        status: 200,
        body: GARBAGE,
        headers: { ...answer.headers, 'content-type': 'application/json' },
        because,
      };
    case 'empty':
      return { status: 200, headers: { 'klarna-correlation-id': asked.correlationId }, because };
    default:
      return { ...answer, because };
  }
}

/** Kinds of faults after which no complete answer is sent. */
export const silent = new Set<Fault['kind']>(['timeout', 'close', 'reset', 'truncate']);

/** Breaks a connection instead of answering: cut off, closed, reset, or silent until the client gives up. */
export function breakConnection(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Outgoing,
  wall: Pick<WallClock, 'later'>,
): FastifyReply {
  reply.hijack();
  const { socket } = request.raw;
  if (answer.broken === 'reset') socket.resetAndDestroy();
  else if (answer.broken === 'close') socket.destroySoon();
  else if (answer.broken === 'truncate') truncate(reply, answer);
  else holdBack(socket, wall);
  return reply;
}

/** Announces the whole body and sends half of it. */
function truncate(reply: FastifyReply, { status, headers, body = '{"session_id":"' }: Outgoing): void {
  const bytes = Buffer.from(body);
  const whole = { ...headers, 'content-length': bytes.length };
  reply.raw.writeHead(status, whole);
  reply.raw.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => reply.raw.socket?.destroySoon());
}

function holdBack(socket: Socket, wall: Pick<WallClock, 'later'>): void {
  const cancel = wall.later(LONGEST_SILENCE, () => socket.destroy());
  socket.once('close', cancel);
}

/** Waits a time in milliseconds on the wall clock. */
export function pause(ms: number, wall: Pick<WallClock, 'later'>): Promise<void> {
  return new Promise((resolve) => {
    wall.later(ms, resolve);
  });
}
