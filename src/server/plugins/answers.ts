import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { WallClock } from '../../exchange/wall-clock.js';
import type { Outcome, ShopperScript } from '../../scenario/scenario.js';
import type { Outgoing } from '../answers.js';
import { breakConnection, NO_ANSWER } from './faults.js';
import { onceRead } from './wire.js';

/** An answer to a request, with what a scenario had to do with it. */
export interface Answered extends Outgoing {
  /** The scenario's outcome that took the call. */
  outcome?: Outcome;
  /** What the shopper did, where the scenario had a say in it. */
  shopper?: ShopperScript;
}

declare module 'fastify' {
  interface FastifyReply {
    /** The answer that leaves, or would have left. */
    answered: Answered | undefined;
    /** Sends an answer, or lets the connection go down in its place. */
    leave(answer: Answered): FastifyReply;
  }
}

const asIs = (payload: string) => payload;

/** Sends an answer by Fastify, with its headers and its body as they are. */
export function send(request: FastifyRequest, reply: FastifyReply, { status, headers, body }: Outgoing): FastifyReply {
  reply.code(status).headers(headers);
  // Without a serializer of its own Fastify would name a charset where Klarna names none.
  onceRead(request.raw, () => reply.serializer(asIs).send(body));
  return reply;
}

/** Lets answers leave: `reply.leave(answer)`. Needs the plugin of the journal, which keeps what left by no reply. */
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
