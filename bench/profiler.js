// Preloaded into a server: profiles it from one message to the next, and answers the second with the profile.
import { Session } from 'node:inspector/promises';

const session = new Session();
session.connect();
process.on('message', async (message) => {
  if (message === 'begin') {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    process.send('begun');
  } else {
    const { profile } = await session.post('Profiler.stop');
    process.send(profile);
  }
});
process.channel.unref();
