import { PassThrough, Readable } from 'node:stream';
import { hash } from '../../src/cli/hash.js';
import { CannotRun } from '../../src/cli/io.js';
import { isPasswordOf, type PasswordHash, readPasswordHash } from '../../src/server/world/password-hash.js';
import t from '../tap.js';
import { run, runWith } from './run.js';

/** Runs the command on bytes from a pipe, or on keys at a terminal. */
async function hashing(input: NodeJS.ReadableStream) {
  let out = '';
  let err = '';
  const stdout = {
    write: (text: string) => {
      out += text;
    },
  };
  const stderr = {
    write: (text: string) => {
      err += text;
    },
  };
  const code = await hash({ stdin: () => input, stdout, stderr });
  return { code, out, err };
}

const terminal = (keys: string) => Object.assign(new PassThrough(), { isTTY: true, setRawMode() {} }).end(keys);

const fits = (printed: string, password: string) =>
  isPasswordOf(password, readPasswordHash(printed.trimEnd()) as PasswordHash);

t.test('a password from a pipe is hashed, without the end of its line', async (t) => {
  for (const bytes of ['wïnter boots', 'wïnter boots\r\n']) {
    const { code, out, err } = await hashing(Readable.from([Buffer.from(bytes)]));
    t.strictSame([code, err], [0, '']);
    t.match(out, /^\$scrypt\$ln=15,r=8,p=3\$\S+\n$/, 'one line');
    t.equal(await fits(out, 'wïnter boots'), true);
  }
  const { code, out } = runWith(['winter\n'], 'hash');
  t.equal(await code, 0);
  t.equal(await fits(out(), 'winter'), true);
});

t.test('a password that is typed is asked for twice, and not shown', async (t) => {
  const { code, out, err } = await hashing(terminal('winter\nwinter\n'));
  t.equal(code, 0);
  t.equal(await fits(out, 'winter'), true);
  t.equal(err, 'Password, which is not shown: \nOnce more: \n');
  await t.rejects(hashing(terminal('winter\nwinger\n')), { message: /the second password is another than the first/ });
  await t.rejects(hashing(terminal('')), { message: 'stdin: given nothing, expected a password' });
});

t.test('what is no password is refused in one line, without it', async (t) => {
  const refused: [string | Uint8Array, RegExp][] = [
    ['', /given nothing/],
    ['\n', /given nothing/],
    ['two\nlines\n', /given a control character, expected one line of text/],
    ['a\u0000b', /given a control character/],
    [Uint8Array.of(0xff, 0xfe), /bytes that are no UTF-8/],
    ['x'.repeat(5_000), /given more than 1000 bytes/],
    ['klarna_test_api_d2ludGVyLWJvb3Rz', /given an API key, which goes into the merchants file as api_key/],
  ];
  for (const [bytes, message] of refused) {
    const failed = await hashing(Readable.from([Buffer.from(bytes as string)])).catch((error: unknown) => error);
    t.ok(failed instanceof CannotRun);
    t.match((failed as Error).message, message);
    t.notMatch((failed as Error).message, /d2lud|xxx|lines\n/);
  }
  const { code, err } = run('hash');
  t.equal(await code, 2);
  t.equal(err(), 'mock-klarna: stdin: given nothing, expected a password\n');
  t.equal(await run('hash', 'winter').code, 2, 'none is taken from the command line');
});
