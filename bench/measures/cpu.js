// CPU time a request, of mock-klarna and the bare route with nobody else there: other servers, idle or not, change it.
import { bare } from '../contenders/bare.js';
import { mockKlarna } from '../contenders/mock-klarna.js';
import { prepare } from '../prepare.js';
import { throughput } from './throughput.js';

/** Returns the microseconds of CPU a request, of each round, for a load of the steps. */
export async function cpuBesideBare(steps, { work, documents }, { rounds, warmUp, requests }) {
  const launches = await prepare({ mockKlarna, bare }, { work, documents, steps });
  const servers = Object.entries(launches).map(([name, launch]) => [name, { launch, steps, metered: true }]);
  return throughput(Object.fromEntries(servers), { rounds, warmUp, amount: requests });
}
