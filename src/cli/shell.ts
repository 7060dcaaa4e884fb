import { platform } from 'node:process';

/** The session of the first call. */
const SESSION =
  '{"purchase_country":"SE","purchase_currency":"SEK","order_amount":10000,"order_lines":[{"name":"Boots","quantity":1,"unit_price":10000,"total_amount":10000}]}';

/** The lines that a person pastes into a shell. */
interface Shell {
  /** Returns a first call of the stand-in. */
  firstCall(url: string): string;
  /** Returns how programs are told to trust a certificate. */
  trusting(file: string): string;
}

/** Returns a text as one word of a POSIX shell. */
const posixWord = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const posix: Shell = {
  firstCall: (url) =>
    `curl -u shop:secret ${url}/payments/v1/sessions -H 'Content-Type: application/json' -d '${SESSION}'`,
  trusting(file) {
    const word = posixWord(file);
    return `NODE_EXTRA_CA_CERTS=${word} node …, curl --cacert ${word} …`;
  },
};

/** Works in each version: the older ones have no option for credentials, and give the name of curl to something else. */
const powerShell: Shell = {
  firstCall(url) {
    const credentials = Buffer.from('shop:secret').toString('base64');
    return `Invoke-RestMethod ${url}/payments/v1/sessions -Method Post -ContentType application/json -Headers @{ Authorization = 'Basic ${credentials}' } -Body '${SESSION}'`;
  },
  trusting(file) {
    const word = `'${file.replaceAll("'", "''")}'`;
    return `$env:NODE_EXTRA_CA_CERTS = ${word}; node …, curl.exe --cacert ${word} …`;
  },
};

/** Returns the lines for the shell that people have on a system. */
export const shellOf = (system: string = platform): Shell => (system === 'win32' ? powerShell : posix);
