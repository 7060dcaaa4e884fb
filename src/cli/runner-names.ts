/** The test runners that `init` writes a test for. */
export const RUNNERS = ['node', 'vitest', 'jest', 'playwright', 'phpunit', 'pytest', 'junit'] as const;

export type RunnerName = (typeof RUNNERS)[number];
