import type { Scenario } from '../scenario/scenario.js';

/** Names the merchants that play scenarios, so that no two scenarios share a world. */
export class Merchants {
  readonly #base: string;
  readonly #used = new Set<string>();

  constructor(base: string) {
    this.#base = base;
  }

  /** The merchant of a scenario: the one it names, or one that no other scenario of this run has. */
  of(scenario: Scenario): string {
    if (scenario.merchant !== undefined) return scenario.merchant;
    const plain = `${this.#base}.${scenario.name.replace(/[^\w-]+/g, '.')}`;
    let name = plain;
    for (let number = 2; this.#used.has(name); number++) name = `${plain}.${number}`;
    this.#used.add(name);
    return name;
  }
}

/** Another merchant of the same scenario. */
export const otherMerchant = (merchant: string, name: string): string => `${merchant}.${name}`;
