/** The agent of undici, without the rest of the library: fetch, web sockets, mocks. */
declare module 'undici/lib/dispatcher/agent.js' {
  export { Agent as default } from 'undici';
}
