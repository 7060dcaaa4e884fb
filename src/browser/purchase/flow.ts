import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { CollectedAddress } from '../sdk/messages.js';
import { addressProblems, codeProblem, collected, contactProblem } from './checks.js';
import { offeredIn, tokenizesSentence } from './choices.js';
import { type Decision, type Outcome, type Place, requestOf, scriptedRequest } from './decisions.js';
import { isOver } from './hosted-status.js';
import type {
  AuthorizeRequest,
  HostedStatus,
  OfferedOption,
  OfferedSource,
  Purchase,
  SessionData,
} from './purchase.js';
import { readTrouble, type Trouble } from './trouble.js';

/** The step that the page shows. */
export type Step = 'loading' | 'review' | 'code' | 'fix' | 'scripted' | 'done' | 'over' | 'trouble';

/** The result of a decision. */
export interface Ending {
  outcome: Outcome;
  /** True when the shopper stays on the page and may decide again. */
  stays: boolean;
  /** The status of the hosted session after it. */
  status?: HostedStatus;
  /** True when an address of the shop's is to follow, named or not. */
  goesOn?: boolean;
  /** The URL that the browser goes to. */
  destination?: URL | undefined;
  /** The address that the shop named, which may be none that a browser can be sent to. */
  named?: string | undefined;
  approved: boolean;
}

/** Carries a purchase out where the page stands. */
export interface Carrier<End extends Ending = Ending> {
  place: Place;
  /** The payment method categories that the shop's page names; empty for those of the session. */
  categories: readonly string[];
  data?: SessionData | undefined;
  autoFinalize: boolean;
  collectsAddress: boolean;
  /** True for a call of the shop's page in which there is nothing to decide. */
  unattended: boolean;
  read(): Promise<Purchase>;
  /** Sends a decision. Throws for an answer that is no success. */
  send(decision: Decision, request: AuthorizeRequest): Promise<End>;
  /** Called with what came of the purchase, once. */
  end(ending: End, address: CollectedAddress | undefined): void;
  /** Called when the page is given up without an answer; with the trouble that was in the way, if there was one. */
  giveUp(trouble: Trouble | undefined): void;
}

/** Tells whether nothing can be paid in a purchase any more. */
function isClosed({ status, hosted }: Purchase): boolean {
  return status !== 'incomplete' || (hosted !== undefined && isOver(hosted.status));
}

/** A shopper's way through the page: what is shown, what is chosen, and what each act brings about. */
export class Flow<End extends Ending = Ending> {
  readonly step: Signal<Step> = signal('loading');
  readonly purchase: Signal<Purchase | undefined> = signal(undefined);
  /** True while an answer is waited for. */
  readonly busy = signal(false);
  readonly trouble: Signal<Trouble | undefined> = signal(undefined);
  readonly ending: Signal<End | undefined> = signal(undefined);

  readonly #chosenOption: Signal<string | undefined> = signal(undefined);
  readonly #chosenSource = signal(0);
  readonly phone = signal('');
  readonly email = signal('');
  readonly contactWrong: Signal<string | undefined> = signal(undefined);
  readonly codeWrong: Signal<string | undefined> = signal(undefined);
  readonly address: Signal<CollectedAddress> = signal({});
  readonly addressWrong: Signal<Record<string, string>> = signal({});

  readonly options: ReadonlySignal<OfferedOption[]> = computed(() =>
    offeredIn(this.purchase.value?.options ?? [], this.carrier.categories),
  );
  readonly option: ReadonlySignal<OfferedOption | undefined> = computed(
    () =>
      this.options.value.find(({ payment_option }) => payment_option === this.#chosenOption.value) ??
      this.options.value[0],
  );
  readonly source: ReadonlySignal<OfferedSource | undefined> = computed(
    () => this.option.value?.sources[this.#chosenSource.value],
  );
  /** One sentence on what will be tokenized by the choice. */
  readonly tokenizes: ReadonlySignal<string> = computed(() =>
    this.purchase.value ? tokenizesSentence(this.purchase.value, this.source.value) : '',
  );

  constructor(readonly carrier: Carrier<End>) {}

  /** Reads the purchase and shows it, or does at once what nobody has to decide. */
  async start(): Promise<void> {
    const purchase = await this.#attempt(() => this.carrier.read());
    if (!purchase) {
      if (this.carrier.unattended) return this.giveUp();
      this.step.value = 'trouble';
      return;
    }
    const { person } = purchase;
    batch(() => {
      this.purchase.value = purchase;
      this.phone.value = person.phone ?? '';
      this.email.value = person.email ?? '';
      this.address.value = { ...person };
    });
    if (isClosed(purchase) && !this.carrier.unattended) this.step.value = 'over';
    else if (this.carrier.unattended || purchase.scripted) await this.#play();
    else this.step.value = 'review';
  }

  /** Reads the purchase again, while the shopper is at it; one that has ended elsewhere is shown as over. */
  async refresh(): Promise<void> {
    const standing = this.step.value;
    if (this.busy.value || !['review', 'code', 'fix', 'over'].includes(standing)) return;
    // The page stays as it is when nobody answers; the next act will say so.
    const purchase = await this.carrier.read().catch(() => undefined);
    if (!purchase || this.busy.value || this.step.value !== standing) return;
    batch(() => {
      this.purchase.value = purchase;
      if (isClosed(purchase)) this.step.value = 'over';
    });
  }

  chooseOption(option: string): void {
    batch(() => {
      this.#chosenOption.value = option;
      this.#chosenSource.value = 0;
    });
  }

  /** Chooses a source of the chosen option by its position. */
  chooseSource(position: number): void {
    this.#chosenSource.value = position;
  }

  /** Goes on from the review to the one-time code, unless something is missing. */
  proceed(): void {
    this.contactWrong.value = contactProblem(this.phone.value, this.email.value);
    if (this.#addressIsGood() && this.contactWrong.value === undefined) this.#show('code');
  }

  /** Takes a one-time code: a right one approves the purchase. */
  async verify(code: string): Promise<void> {
    this.codeWrong.value = codeProblem(code);
    if (this.codeWrong.value === undefined) await this.decide('approve');
  }

  chooseFields(): void {
    this.#show('fix');
  }

  /** Goes back to the review. */
  review(): void {
    this.#show('review');
  }

  /** Sends a decision. @param fields the fields that are to be corrected */
  async decide(decision: Decision, fields?: readonly string[]): Promise<void> {
    if (this.busy.value) return;
    if (decision === 'approve' && !this.#addressIsGood()) return;
    const { data, autoFinalize } = this.carrier;
    const chosen = { option: this.option.value, source: this.source.value };
    const request =
      decision === 'back' || decision === 'cancel'
        ? {}
        : requestOf(decision, { ...chosen, data, autoFinalize, ...(fields && { fields }) });
    const ending = await this.#attempt(() => this.carrier.send(decision, request));
    if (ending) this.#end(ending);
    else if (decision === 'close') this.giveUp();
  }

  /** Closes the page: the shopper leaves. */
  async close(): Promise<void> {
    if (this.step.value === 'done') return;
    if (['review', 'code', 'fix'].includes(this.step.value)) await this.decide('close');
    else this.giveUp();
  }

  giveUp(): void {
    this.carrier.giveUp(this.trouble.value);
  }

  /** Does what the scenario has its shopper do, or what the shop's page asks for without a shopper. */
  async #play(): Promise<void> {
    if (!this.carrier.unattended) this.step.value = 'scripted';
    const ending = await this.#attempt(() => this.carrier.send('approve', scriptedRequest(this.carrier)));
    if (ending) this.#end(ending);
    else if (this.carrier.place === 'over-shop') this.giveUp();
    else this.step.value = 'review';
  }

  #end(ending: End): void {
    const { status, stays } = ending;
    const purchase = this.purchase.value;
    batch(() => {
      this.ending.value = ending;
      this.step.value = stays ? 'review' : 'done';
      if (purchase?.hosted && status) this.purchase.value = { ...purchase, hosted: { ...purchase.hosted, status } };
    });
    if (!stays)
      this.carrier.end(
        ending,
        this.carrier.collectsAddress && ending.approved ? collected(this.address.value) : undefined,
      );
  }

  #show(step: Step): void {
    batch(() => {
      this.step.value = step;
      this.trouble.value = undefined;
      this.ending.value = undefined;
    });
  }

  #addressIsGood(): boolean {
    this.addressWrong.value = this.carrier.collectsAddress ? addressProblems(this.address.value) : {};
    const good = Object.keys(this.addressWrong.value).length === 0;
    if (!good) this.step.value = 'review';
    return good;
  }

  /** Returns what a call gives; undefined when it fails, whose trouble is shown. */
  async #attempt<Value>(call: () => Promise<Value>): Promise<Value | undefined> {
    batch(() => {
      this.busy.value = true;
      this.trouble.value = undefined;
      this.ending.value = undefined;
    });
    try {
      return await call();
    } catch (error) {
      this.trouble.value = readTrouble(error);
      return undefined;
    } finally {
      this.busy.value = false;
    }
  }
}
