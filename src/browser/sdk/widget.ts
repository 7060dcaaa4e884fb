import { makeFrame, OVERLAY, TITLE } from './frames.js';
import { channelToFrame, type FrameChannel, type Show } from './messages.js';

/** Height of the frame in the container until it says its own, in pixels. */
const HEIGHT = 230;
const REVIEW_HEIGHT = 80;

/** Time after which the second, hidden frame is there, in milliseconds. */
const FULLSCREEN_AFTER = 500;

/** The frames of one instance: one in the shop's container, and a hidden one over the page. */
export class Widget {
  readonly #name: string;
  readonly #base: string;
  readonly #tellHeight: (pixels: number) => void;
  #container?: HTMLElement;
  #frame?: HTMLIFrameElement;
  #fullscreen?: HTMLIFrameElement;
  #channel?: FrameChannel;
  #ready = false;
  #toShow?: Show;
  #ended?: (problem?: string) => void;
  #timer?: ReturnType<typeof setTimeout>;

  constructor(name: string, base: string, tellHeight: (pixels: number) => void) {
    this.#name = name;
    this.#base = base;
    this.#tellHeight = tellHeight;
  }

  /** Puts the frame into a container. One that is there already stays; one in another container is removed. */
  place(container: HTMLElement, view: Show['view']): void {
    if (this.#frame && this.#container === container && container.contains(this.#frame)) return;
    this.remove();
    const frame = makeFrame(`klarna-${this.#name}-main`, TITLE, {
      display: 'block',
      minWidth: '280px',
      maxWidth: '600px',
      height: `${view === 'review' ? REVIEW_HEIGHT : HEIGHT}px`,
    });
    this.#channel = channelToFrame(
      window,
      () => frame.contentWindow,
      new URL(this.#base).origin,
      (message) => {
        if (message.kind === 'ready') this.#isReady();
        else if (message.kind === 'shown') this.#isShown(message.height);
        else if (message.kind === 'failed') this.#end(message.reason);
      },
    );
    frame.src = `${this.#base}/frames/main`;
    container.append(frame);
    this.#container = container;
    this.#frame = frame;
    if (view === 'widget') this.#timer = setTimeout(() => this.fullscreen(), FULLSCREEN_AFTER);
  }

  /** Lets the frame show something; resolves when it does, and to a sentence when it cannot. */
  show(show: Show): Promise<string | undefined> {
    this.#end();
    this.#toShow = show;
    if (this.#frame) this.#frame.style.display = 'block';
    if (this.#ready) this.#channel?.send(show);
    return new Promise((resolve) => {
      this.#ended = resolve;
    });
  }

  /** Hides the frame: nothing can be paid with here. */
  hide(): void {
    if (this.#frame) this.#frame.style.display = 'none';
  }

  /** Returns the hidden frame over the page; makes it when it is not there. */
  fullscreen(): HTMLIFrameElement {
    if (!this.#fullscreen?.isConnected) {
      this.#fullscreen = makeFrame(`klarna-${this.#name}-fullscreen`, TITLE, { ...OVERLAY, display: 'none' });
      document.body.append(this.#fullscreen);
    }
    return this.#fullscreen;
  }

  /** Takes both frames out of the page. */
  remove(): void {
    clearTimeout(this.#timer);
    this.#channel?.close();
    this.#frame?.remove();
    this.#fullscreen?.remove();
    this.#frame = undefined;
    this.#toShow = undefined;
    this.#ready = false;
  }

  /** A frame that was moved within the page loads anew, and must be told again. */
  #isReady(): void {
    this.#ready = true;
    if (this.#toShow) this.#channel?.send(this.#toShow);
  }

  /** A frame in a part of the page that is not laid out has no height, and keeps the one it had. */
  #isShown(height: number): void {
    const pixels = Math.round(height);
    if (this.#frame && pixels > 0 && this.#frame.style.height !== `${pixels}px`) {
      this.#frame.style.height = `${pixels}px`;
      this.#tellHeight(pixels);
    }
    this.#end();
  }

  #end(problem?: string): void {
    this.#ended?.(problem);
    this.#ended = undefined;
  }
}
