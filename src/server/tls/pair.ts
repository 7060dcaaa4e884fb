import { createPrivateKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { createRequire } from 'node:module';
import { klarnaHostNames } from '../../klarna/catalogue/hosts.js';
import { DAY, type Instant } from '../../klarna/time.js';

const require = createRequire(import.meta.url);

/** A certificate with its key, and the certificate that clients have to trust; all in PEM. */
export interface Pair {
  cert: string;
  key: string;
  ca: string;
}

/** The names that a pair stands for: this machine, and the hosts of Klarna whose place the stand-in takes. */
export const PAIR_NAMES: readonly string[] = ['localhost', ...klarnaHostNames];
const ADDRESSES = ['127.0.0.1', '::1'];

/** The life of a pair, and the part of it that must be left for the pair to be used again. */
const LIFE = 365 * DAY;
const LEFT = 7 * DAY;

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

const pem = (key: webcrypto.CryptoKey): string =>
  KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();

/**
 * Makes a pair: an authority that signs one certificate and is then without its key, so that whoever trusts it trusts nothing
 * else by it. The library is loaded when it is first called.
 */
export async function makePair(now: Instant): Promise<Pair> {
  require('reflect-metadata');
  const x509: typeof import('@peculiar/x509') = require('@peculiar/x509');
  const { subtle } = webcrypto;
  // Its type has more than Node's where the library knows that of browsers.
  const provider = webcrypto as unknown as Parameters<typeof x509.X509CertificateGenerator.createSelfSigned>[1];
  const make = () => subtle.generateKey(EC, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
  const [authority, own] = await Promise.all([make(), make()]);
  const common = {
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + LIFE),
    signingAlgorithm: EC,
  };
  const serial = () => `01${randomBytes(15).toString('hex')}`;
  const { KeyUsageFlags } = x509;
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...common,
      serialNumber: serial(),
      name: 'CN=mock-klarna, made on this machine',
      keys: authority,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
        await x509.SubjectKeyIdentifierExtension.create(authority.publicKey, false, provider),
      ],
    },
    provider,
  );
  const names = [
    ...PAIR_NAMES.map((value) => ({ type: 'dns' as const, value })),
    ...ADDRESSES.map((value) => ({ type: 'ip' as const, value })),
  ];
  const cert = await x509.X509CertificateGenerator.create(
    {
      ...common,
      serialNumber: serial(),
      subject: 'CN=localhost',
      issuer: ca.subject,
      publicKey: own.publicKey,
      signingKey: authority.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(names),
        await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey, false, provider),
        await x509.SubjectKeyIdentifierExtension.create(own.publicKey, false, provider),
      ],
    },
    provider,
  );
  const text = (certificate: { toString(format: 'pem'): string }) => `${certificate.toString('pem').trim()}\n`;
  return { cert: text(cert), key: pem(own.privateKey), ca: text(ca) };
}

/** Tells whether a pair that was made before can be used: it fits together, stands for every name, and lives on for a week. */
export function isUsable({ cert, key, ca }: Pair, now: Instant): boolean {
  try {
    const [own, authority] = [new X509Certificate(cert), new X509Certificate(ca)];
    return (
      fits(own, key) &&
      own.verify(authority.publicKey) &&
      [own, authority].every(({ validTo }) => Date.parse(validTo) >= now + LEFT) &&
      PAIR_NAMES.every((name) => own.checkHost(name) !== undefined)
    );
  } catch {
    return false;
  }
}

/** Tells whether a key in PEM is that of a certificate. */
export const fits = (certificate: X509Certificate, key: string): boolean =>
  certificate.checkPrivateKey(createPrivateKey(key));
