import type { Fault, Fraud, Outcome } from './outcome.js';

/** An outcome in the words of a file, without what it is on: the way back from what is read. */
export function writeOutcome({
  error,
  fraud,
  fault,
}: Outcome): { error: string } | { fraud: Fraud } | { fault: object } {
  if (error !== undefined) return { error };
  return fraud ? { fraud } : { fault: writeFault(fault as Fault) };
}

function writeFault({ commit, kind, status, delay }: Fault): object {
  return {
    ...(commit && { commit }),
    ...(kind !== 'delay' && { [kind]: status ?? true }),
    ...(delay !== undefined && { delay: `PT${delay / 1000}S` }),
  };
}
