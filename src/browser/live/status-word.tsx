/** Shows the status of an answer, or that there was none. */
export function StatusWord({ status }: { status: number }) {
  const look = status === 0 || status >= 400 ? 'bad' : status >= 300 ? 'soft' : 'good';
  return <span class={`status ${look}`}>{status === 0 ? 'none' : status}</span>;
}
