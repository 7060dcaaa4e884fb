/** The browser of the tests: the Chromium that comes as a package of npm, and needs none of the system's. */
import { chromium as playwright } from 'playwright-core';

/** Tells why there is no Chromium for this platform; undefined where there is one. */
export const lacking = () =>
  process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : `no Chromium for ${process.platform} on ${process.arch} comes with npm; the tests in a browser run on linux on x64`;

/** Starts it as a server that several processes connect to. */
export async function launch() {
  const { default: chromium } = await import('@sparticuz/chromium');
  return playwright.launchServer({
    executablePath: await chromium.executablePath(),
    // One process for all pages is for functions in a cloud: pages of several origins want processes of their own.
    args: chromium.args.filter((flag) => !['--single-process', '--no-zygote'].includes(flag)),
    headless: true,
  });
}
