/** The origin of the SDK, and the switches of its script tag. */
export interface Script {
  /** The whole address; undefined when the script was not loaded by a tag. */
  url: string | undefined;
  /** The address of the sandbox's part for browsers, as in a token's `base_url`; undefined where `url` is. */
  base: string | undefined;
  /** True: refuse what Klarna's script of 2022 refused, though newer documentation allows it. */
  strict: boolean;
  /** True: open the purchase page in a window of its own. */
  popup: boolean;
  /** True: open the purchase page in the frame `klarna-<name>-fullscreen`, where suites before 2024 look for it. */
  fullscreen: boolean;
}

const FILE = '/lib/v1/api.js';

/** Returns the sandbox's part of the address of its script, whatever stands before it. */
function baseOf({ origin, pathname }: URL): string {
  return pathname.endsWith(FILE) ? origin + pathname.slice(0, -FILE.length) : `${origin}/kp`;
}

/**
 * Reads the script's own tag. A switch is on when the tag has the attribute `data-<switch>`, or the address has it in its
 * query, unless it says `false`.
 * @param attribute returns the value of an attribute of the tag; null for none
 */
export function readScript(url: string | undefined, attribute: (name: string) => string | null): Script {
  const address = url ? new URL(url) : undefined;
  const isOn = (name: string) => {
    const value = attribute(`data-${name}`) ?? address?.searchParams.get(name) ?? 'false';
    return value !== 'false';
  };
  return {
    url: address?.href,
    base: address && baseOf(address),
    strict: isOn('strict'),
    popup: isOn('popup'),
    fullscreen: isOn('fullscreen'),
  };
}
