/** Draws the mark that says that nothing here is real, and that the page is not Klarna's. */
export function SandboxMark({ children = 'sandbox' }: { children?: string }) {
  return <span class="sandbox-mark">{children}</span>;
}
