import type { Finding } from './finding.js';
import { whereOf } from './summary.js';

/** Findings that say the same of different places: one at least. */
export type Alike = [Finding, ...Finding[]];

/** Findings with those that differ in nothing but the place together, in the order of the first of each. */
export function alike(findings: readonly Finding[]): Alike[] {
  const groups = new Map<string, Alike>();
  for (const found of findings) {
    const { where: _, fingerprint: __, ...said } = found;
    const key = JSON.stringify(said);
    const group = groups.get(key);
    if (group) group.push(found);
    else groups.set(key, [found]);
  }
  return [...groups.values()];
}

/** Their places in words, so many at most: `exchange 3 of boots, exchange 5 of boots and 7 more`. */
export function placesOf(findings: readonly Finding[], most: number): string {
  const places = findings.map(({ where }) => whereOf(where)).filter((place) => place !== '');
  const more = places.length - most;
  return places.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
