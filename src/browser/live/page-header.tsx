import { SandboxMark } from '../design/sandbox-mark.js';
import { ClockFace } from './clock-face.js';
import { ConnectionMark } from './connection-mark.js';
import { MerchantChoice } from './merchant-choice.js';

/** Draws what stands above every view: what this is, whose world is shown, its time, and whether it is live. */
export function PageHeader() {
  return (
    <header class="header">
      <h1 class="name">
        mock-klarna <SandboxMark />
      </h1>
      <MerchantChoice />
      <ClockFace />
      <ConnectionMark />
      <a class="docs" href="/docs">
        API documentation
      </a>
    </header>
  );
}
