/** The folder of this package: one up from the sources and from the build alike. */
export const packageRoot = new URL('../', import.meta.url);
