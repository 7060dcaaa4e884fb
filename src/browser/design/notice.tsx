import type { ComponentChildren } from 'preact';

export interface NoticeProps {
  tone?: 'good' | 'bad' | 'careful' | 'token' | undefined;
  title?: ComponentChildren;
  children?: ComponentChildren;
}

/** Draws something to know. A screen reader says a bad one at once. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div class={tone ? `notice ${tone}` : 'notice'} role={tone === 'bad' ? 'alert' : undefined}>
      {title !== undefined && <strong>{title}</strong>}
      {children}
    </div>
  );
}
