/** Whether a strategy is asked for answers, and why not. */
export type RunnerStatus = 'running' | 'stopped' | 'failed';

/** What stands in the way of asking a strategy about the bar that just closed and nothing else. */
const HINDRANCE = {
  cold: 1,
  gated: 2,
  off: 4,
  early: 8,
  filling: 16,
  awaited: 32,
  timed: 64,
  gap: 128,
  many: 256,
  unproven: 512,
} as const;
/** What keeps it from being asked at all. */
const MUTE = HINDRANCE.cold | HINDRANCE.gated | HINDRANCE.off | HINDRANCE.early;

const NO_TIMES: readonly string[] = [];

/**
 * Whether a strategy can be asked, and whether there is more to think of than the bar that closed. Every bar wants to know, and what it
 * depends on changes rarely: each change is noted as a bit of one number, which is 0 nearly always.
 */
export abstract class Askable {
  private hindrances: number = HINDRANCE.early | HINDRANCE.unproven;
  #status: RunnerStatus = 'running';
  #coldStreams = 0;
  #dueTimes: readonly string[] = NO_TIMES;

  constructor(coldStreams: number) {
    this.coldStreams = coldStreams;
  }

  /** It trades several symbols, so that it has to be found which of them it is asked about. */
  protected get isManifold(): boolean {
    return this.#has(HINDRANCE.many);
  }
  protected set isManifold(isManifold: boolean) {
    this.#note(HINDRANCE.many, isManifold);
  }

  get status(): RunnerStatus {
    return this.#status;
  }
  set status(status: RunnerStatus) {
    this.#status = status;
    this.#note(HINDRANCE.off, status !== 'running');
  }

  /** Streams that have not given enough bars since the last reset. */
  get coldStreams(): number {
    return this.#coldStreams;
  }
  protected set coldStreams(count: number) {
    this.#coldStreams = count;
    this.#note(HINDRANCE.cold, count !== 0);
  }

  /** Its broker is away, or has not said what is there: it is not asked. */
  get isGated(): boolean {
    return this.#has(HINDRANCE.gated);
  }
  set isGated(isGated: boolean) {
    this.#note(HINDRANCE.gated, isGated);
  }

  /** Trading has not begun, as far as it is known; so it is before the first answer is wanted. */
  get isEarly(): boolean {
    return this.#has(HINDRANCE.early);
  }
  set isEarly(isEarly: boolean) {
    this.#note(HINDRANCE.early, isEarly);
  }

  /** What its feed missed is on its way from history: it is asked when that is there. */
  get isFilling(): boolean {
    return this.#has(HINDRANCE.filling);
  }
  set isFilling(isFilling: boolean) {
    this.#note(HINDRANCE.filling, isFilling);
  }

  /** Nothing but protection goes out before it has answered anew. */
  get awaitsAnswer(): boolean {
    return this.#has(HINDRANCE.awaited);
  }
  set awaitsAnswer(awaitsAnswer: boolean) {
    this.#note(HINDRANCE.awaited, awaitsAnswer);
  }

  /** Declared times that came at this instant. */
  get dueTimes(): readonly string[] {
    return this.#dueTimes;
  }
  set dueTimes(names: readonly string[]) {
    this.#dueTimes = names;
    this.#note(HINDRANCE.timed, names.length > 0);
  }

  /** There was a gap that it is to be told of before anything is asked. */
  protected get hasGap(): boolean {
    return this.#has(HINDRANCE.gap);
  }
  protected set hasGap(hasGap: boolean) {
    this.#note(HINDRANCE.gap, hasGap);
  }

  /** Nobody has looked yet at what it remembers once it has been asked. */
  get isUnproven(): boolean {
    return this.#has(HINDRANCE.unproven);
  }
  set isUnproven(isUnproven: boolean) {
    this.#note(HINDRANCE.unproven, isUnproven);
  }

  /** Whether every stream has given enough bars since the last reset. */
  get isWarm(): boolean {
    return this.#coldStreams === 0;
  }
  /** Whether it is asked for answers at all, its feed aside. */
  get canAnswer(): boolean {
    return !this.#has(MUTE);
  }
  /** Whether nothing but the bar that just closed is to be thought of when it is asked. */
  get isCalm(): boolean {
    return this.hindrances === 0;
  }

  #has(hindrances: number): boolean {
    return (this.hindrances & hindrances) !== 0;
  }

  #note(hindrance: number, isThere: boolean): void {
    this.hindrances = isThere ? this.hindrances | hindrance : this.hindrances & ~hindrance;
  }
}
