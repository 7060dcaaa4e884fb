import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { WallClock } from '../../exchange/wall-clock.js';
import type { Outcome, ShopperScript } from '../../scenario/scenario.js';
import type { Outgoing } from '../answers.js';
import { breakConnection, NO_ANSWER } from './faults.js';
import { onceRead } from './wire.js';

/** An answer to a request, with the part that a scenario had in it. */
export interface Answered extends Outgoing {
  /** The scenario's outcome that was used for the call. */
  outcome?: Outcome;
  /** The shopper's acts, if the scenario affected them. */
  shopper?: ShopperScript;
}

declare module 'fastify' {
  interface FastifyReply {
    /** The answer that was sent, or that a broken connection replaced. */
    answered: Answered | undefined;
    /** Sends an answer, or breaks the connection instead. */
    leave(answer: Answered): FastifyReply;
  }
}

const asIs = (payload: string) => payload;

/** Sends an answer by Fastify, with its headers and body unchanged. */
export function send(request: FastifyRequest, reply: FastifyReply, answer: Outgoing): FastifyReply {
  const { status, headers, body, stream } = answer;
  reply.code(status).headers(headers);
  // Without this serializer Fastify would add a charset where Klarna names none.
  onceRead(request.raw, () => reply.serializer(asIs).send(stream ?? body));
  return reply;
}

/** Adds `reply.leave(answer)`. Needs the plugin of the journal, which records broken connections. */
export const answers = fastifyPlugin<{ wall: Pick<WallClock, 'later'> }>(
  (fastify, { wall }, done) => {
    fastify.decorateReply('answered', undefined);
    fastify.decorateReply('leave', function (answer) {
      this.answered = answer;
      if (!answer.broken) return send(this.request, this, answer);
      this.record(NO_ANSWER, {});
      return breakConnection(this.request, this, answer, wall);
    });
    done();
  },
  { name: 'answers', dependencies: ['journal'] },
);
