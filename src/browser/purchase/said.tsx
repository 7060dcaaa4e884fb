/** Shows what a merchant or a shopper sent: as text, whose direction does not reach beyond it. */
export function Said({ children }: { children: string }) {
  return <bdi class="said">{children}</bdi>;
}
