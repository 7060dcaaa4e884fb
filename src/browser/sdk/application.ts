import { answerOf, recallAddress } from './answers.js';
import type { Callback, Fields } from './arguments.js';
import { instanceOf, type Named, nameOf } from './checks.js';
import { mergeData } from './data.js';
import type { Events } from './events.js';
import type { Open, PurchaseCall } from './messages.js';
import { note } from './notes.js';
import { openPurchasePage } from './purchase-page.js';
import type { Script } from './script.js';
import { type LoadAnswer, Session } from './session.js';
import { type Claims, textClaim } from './token.js';
import { Widget } from './widget.js';

/** Time that a frame has to show something, in milliseconds. */
const LOAD_WITHIN = 30_000;

const REVIEW = 'payment-review';

/** One instance that was loaded: what it shows, what load said of the purchase, and who waits for it. */
interface Instance {
  widget: Widget;
  data?: Fields | undefined;
  /** Number of its loads. The last one answers for those that still wait. */
  loads: number;
  waiting: Callback[];
}

/** The options of a call as they came, the categories in them, and its data. */
export interface Said {
  options: Fields;
  named: Named;
  data: Fields | undefined;
}

/** Everything that belongs to one client token. */
export class Application {
  readonly session: Session;
  readonly claims: Claims;
  readonly #script: Script;
  readonly #events: Events;
  readonly #api: string;
  readonly #instances = new Map<string, Instance>();
  readonly #running = new Set<string>();
  #isOver = false;

  constructor(token: string, claims: Claims, api: string, script: Script, events: Events) {
    this.session = new Session(String(claims.base_url).replace(/\/+$/, ''), token);
    this.claims = claims;
    this.#api = api;
    this.#script = script;
    this.#events = events;
  }

  /** The type of the session, in lower case; `payments` where the token does not say. */
  get sessionType(): string {
    return textClaim(this.claims, 'session_type')?.toLowerCase() ?? 'payments';
  }

  /** Returns the name of the instance that options stand for. */
  nameOf({ options, named }: Pick<Said, 'options' | 'named'>): string {
    return nameOf(instanceOf(options), named, textClaim(this.claims, 'session_type') ?? this.#api);
  }

  isLoaded(name: string): boolean {
    return this.#instances.has(name);
  }

  /** Puts the frame of an instance into a container, tells the session, and answers when the frame shows something. */
  load(container: HTMLElement, said: Said, callback: Callback): void {
    const { options, named, data } = said;
    const instance = this.#instanceOf(this.nameOf(said));
    instance.data = data;
    instance.widget.place(container, 'widget');
    const { category, categories } = named;
    const { preferred_payment_method: preferred, purchase_amount: amount } = options;
    const instanceId = instanceOf(options);
    this.#answer(instance, callback, async () => {
      const answer = await this.session.load({
        ...(category === undefined ? {} : { payment_method_category: category }),
        ...(categories === undefined ? {} : { payment_method_categories: categories }),
        ...(instanceId === undefined ? {} : { instance_id: instanceId }),
        ...(preferred ? { preferred_payment_method: String(preferred) } : {}),
        ...(data === undefined ? {} : { data }),
      });
      if (!answer.show_form) {
        instance.widget.hide();
        return answer;
      }
      await this.#show(instance, 'widget', { ...named, ...(typeof amount === 'number' ? { amount } : {}) });
      return answer;
    });
  }

  /** Puts a review of the purchase into a container. */
  loadReview(container: HTMLElement, callback: Callback): void {
    const instance = this.#instanceOf(REVIEW);
    instance.widget.place(container, 'review');
    this.#answer(instance, callback, async () => {
      await this.#show(instance, 'review', {});
      return { show_form: true };
    });
  }

  /**
   * Opens the purchase page for a verb and answers with its end. While an authorize of the same instance runs, another one is
   * ignored.
   */
  purchase(call: PurchaseCall, said: Said, callback: Callback): void {
    const name = this.nameOf(said);
    const key = call === 'authorize' ? name : `${call} ${name}`;
    if (this.#running.has(key)) {
      note(
        `Klarna.Payments.${call}: ignored, since one of ${name} still runs; its callback will be called, this one not`,
      );
      return;
    }
    const instance = this.#instances.get(name);
    const data = call === 'authorize' ? mergeData(instance?.data, said.data) : said.data;
    const open: Open = {
      kind: 'open',
      token: this.session.token,
      call,
      autoFinalize: said.options.auto_finalize !== false,
      ...said.named,
      ...(data === undefined ? {} : { data }),
    };
    this.#running.add(key);
    const { popup, fullscreen } = this.#script;
    const page = openPurchasePage({
      base: this.session.base,
      open,
      seen: call === 'authorize',
      popup,
      frame: fullscreen ? instance?.widget.fullscreen() : undefined,
      events: this.#events,
    });
    page.then((end) => {
      this.#running.delete(key);
      if (fullscreen && !this.#isOver) instance?.widget.fullscreen();
      const answer = answerOf(call, end);
      const address =
        call === 'finalize' && answer.approved ? recallAddress(String(this.claims.session_id)) : undefined;
      callback(address ? { collected_shipping_address: address, ...answer } : answer);
    });
  }

  /** Removes the frames; loads that still wait are not answered any more. */
  end(): void {
    this.#isOver = true;
    for (const { widget } of this.#instances.values()) widget.remove();
    this.#instances.clear();
  }

  #instanceOf(name: string): Instance {
    let instance = this.#instances.get(name);
    if (!instance) {
      const tellHeight = (pixels: number) => this.#events.emit('heightChanged', pixels);
      instance = { widget: new Widget(name, this.session.base, tellHeight), loads: 0, waiting: [] };
      this.#instances.set(name, instance);
    }
    return instance;
  }

  async #show({ widget }: Instance, view: 'widget' | 'review', what: Named & { amount?: number }): Promise<void> {
    const problem = await widget.show({ kind: 'show', token: this.session.token, view, ...what });
    if (problem !== undefined) throw new Error(problem);
  }

  /** Answers a load by what its work comes to, or after half a minute; a later load of the instance answers for it. */
  #answer(instance: Instance, callback: Callback, work: () => Promise<LoadAnswer>): void {
    instance.waiting.push(callback);
    instance.loads += 1;
    const own = instance.loads;
    const finish = (answer: LoadAnswer, why?: string) => {
      clearTimeout(timer);
      if (own !== instance.loads || this.#isOver) return;
      if (why) note(`Klarna.Payments.load: ${why.replace(/\.$/, '')}`);
      for (const wait of instance.waiting.splice(0)) queueMicrotask(() => wait({ ...answer }));
    };
    const timer = setTimeout(
      () =>
        finish(
          { show_form: false },
          `the frame ${this.session.base}/frames/main showed nothing for half a minute; the page’s content security policy must name it in frame-src, and its container must stay in the page`,
        ),
      LOAD_WITHIN,
    );
    work().then(
      (answer) => finish(answer),
      (error) => finish({ show_form: false }, error instanceof Error ? error.message : String(error)),
    );
  }
}
