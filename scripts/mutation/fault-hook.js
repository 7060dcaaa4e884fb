/**
 * Loaded before a test file that runs with a fault: a fault that is passed many times more often than without it is an
 * endless loop, and the instrumented code throws (MOCK_KLARNA_HITS has the limit).
 */
globalThis.__stryker__ = { hitCount: 0, hitLimit: Number(process.env.MOCK_KLARNA_HITS) };
