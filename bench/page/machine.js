import { arch, availableParallelism, cpus, platform } from 'node:os';

/** Returns what everything ran on: processor, cores, platform, Node. */
export const machine = () =>
  `${cpus()[0].model.trim()}, ${availableParallelism()} cores, ${platform()} ${arch()}; Node ${process.version}`;
