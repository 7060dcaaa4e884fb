import type { ComponentChildren } from 'preact';

export interface NoticeProps {
  tone?: 'good' | 'bad' | 'careful' | 'token' | undefined;
  /** A few words in bold, or a heading. */
  title?: ComponentChildren;
  children?: ComponentChildren;
}

/** Draws something to know. A screen reader says a bad one at once. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div class={tone ? `notice ${tone}` : 'notice'} role={tone === 'bad' ? 'alert' : undefined}>
      {typeof title === 'string' ? <strong>{title}</strong> : title}
      {children}
    </div>
  );
}
