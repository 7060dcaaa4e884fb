import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Draws the heading of a step, and moves the focus to it, so that whoever does not see the page hears what is new. */
export function StepHeading({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {children}
    </h2>
  );
}
