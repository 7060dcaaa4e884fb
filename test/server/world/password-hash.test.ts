import {
  hashPassword,
  isPasswordHash,
  isPasswordOf,
  type PasswordHash,
  readPasswordHash,
} from '../../../src/server/world/password-hash.js';
import t from '../../tap.js';

t.test('a hash is in PHC string format, has a salt of its own, and fits its password alone', async (t) => {
  const [one, other] = await Promise.all([hashPassword('wïnter'), hashPassword('wïnter')]);
  t.match(one, /^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  t.not(one, other);
  const read = readPasswordHash(one) as PasswordHash;
  t.equal(await isPasswordOf('wïnter', read), true);
  t.equal(await isPasswordOf('winter', read), false);
  t.ok(isPasswordHash(one));
});

t.test('hashes of other programs are read', async (t) => {
  // RFC 7914, the third of its test vectors.
  const hash =
    '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw';
  t.equal(await isPasswordOf('pleaseletmein', readPasswordHash(hash) as PasswordHash), true);
});

t.test('costs that the system refuses are an error, and no wrong password', async (t) => {
  const hash = { ln: 60, r: 8, p: 1, salt: Buffer.alloc(16), hash: Buffer.alloc(32) };
  await t.rejects(async () => isPasswordOf('winter', hash));
});

t.test('what is no hash, or a boundless one, is not read', (t) => {
  const salt = 'A'.repeat(22);
  const hash = 'B'.repeat(43);
  t.ok(readPasswordHash(`$scrypt$ln=15,r=8,p=3$${salt}$${hash}`));
  for (const text of [
    '',
    'winter',
    '$scrypt$',
    `$scrypt$ln=15,r=8$${salt}$${hash}`,
    `$scrypt$ln=15,r=8,p=3$${salt}`,
    `$scrypt$ln=15,r=8,p=3$$${hash}`,
    `$scrypt$ln=15,r=8,p=3$${salt}$short`,
    `$scrypt$ln=15,r=8,p=3$${salt}$${hash}=`,
    `$scrypt$ln=0,r=8,p=3$${salt}$${hash}`,
    `$scrypt$ln=15,r=0,p=3$${salt}$${hash}`,
    `$scrypt$ln=15,r=8,p=0$${salt}$${hash}`,
    `$scrypt$ln=15,r=8,p=17$${salt}$${hash}`,
    `$scrypt$ln=30,r=8,p=1$${salt}$${hash}`,
    `$scrypt$ln=99,r=99,p=1$${salt}$${hash}`,
    `$argon2id$ln=15,r=8,p=3$${salt}$${hash}`,
  ]) {
    t.equal(readPasswordHash(text), undefined, text);
  }
  t.end();
});
