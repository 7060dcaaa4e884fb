// Preloaded into a server under load: says on request what the process has used so far. Needs --expose-gc.
process.on('message', (question) => {
  if (question === 'collect garbage') global.gc();
  const { user, system } = process.cpuUsage();
  process.send({ cpu: user + system, heap: process.memoryUsage().heapUsed });
});
// A server ends when it is told to, not when the bench has let go of the channel.
process.channel.unref();
