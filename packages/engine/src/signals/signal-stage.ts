import type { EngineNotice, EpochMs, SignalAnswer, SignalGap } from '@bookrunner/sdk';
import type { Execution } from '../execution/execution.js';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { Sizing } from '../execution/sizing.js';
import type { TargetSlot } from '../execution/target-slot.js';
import { type AnswerEffect, isTargetPosition, takeAnswer, takeShare, takeTarget } from './answer.js';
import { messageOf } from '../execution/message-of.js';
import { DueList } from './due-list.js';
import { unplainPart } from './plain-state.js';
import { Schedule } from './schedule.js';
import { noteFailure, type StrategyFailure } from './strategy-failure.js';
import type { OnFeatureThrew, StrategyRunner } from './strategy-runner.js';

/** Where problems of strategies are told. */
export type Notify = (notice: EngineNotice) => void;

/**
 * Asks the strategies concerned, each once an instant, and turns their answers into targets. A strategy that throws or answers
 * nonsense is stopped; the others go on.
 */
export class SignalStage {
  readonly runners: readonly StrategyRunner[];
  readonly schedule: Schedule;
  private readonly execution: Execution;
  private readonly notify: Notify;
  private readonly due = new DueList();
  private readonly time: KernelTime;
  private readonly tradeFrom: EpochMs;

  constructor(setup: {
    runners: (due: DueList, onFeatureThrew: OnFeatureThrew) => readonly StrategyRunner[];
    execution: Execution;
    notify: Notify;
    time: KernelTime;
    tradeFrom: EpochMs;
  }) {
    this.time = setup.time;
    this.tradeFrom = setup.tradeFrom;
    this.execution = setup.execution;
    this.notify = setup.notify;
    this.runners = setup.runners(
      this.due,
      // Of a strategy that is stopped already, its next bars tell nothing new.
      (runner, error, symbol) => {
        if (runner.status !== 'running') return;
        this.#fail(runner, { ...threw('threw in a feature', error), symbol });
      },
    );
    this.schedule = new Schedule(this.runners, setup.time);
  }

  /** Runs what is due at the instant, in the order of engine.yaml. */
  run(): void {
    if (this.time.now >= this.time.scheduleAt) this.#collectTimes();
    this.runDue();
  }

  /** The same where no declared time has come. */
  runDue(): void {
    let runner = this.due.take();
    while (runner !== undefined) {
      const next: StrategyRunner | undefined = runner.nextDue;
      runner.nextDue = undefined;
      this.#ask(runner);
      runner = next;
    }
  }

  /** Asks a strategy about the bar that just closed. */
  askAlone(runner: StrategyRunner): void {
    if (!runner.isCalm) return this.#askClosed(runner);
    const slot = runner.primarySlot;
    try {
      const answer = runner.onNextBar();
      // The common case, an unchanged share, costs this comparison.
      if (answer !== undefined && answer !== slot.plainShare) this.#turn(runner, slot, answer);
      else if (slot.isAtRest) return;
    } catch (error) {
      this.#threw(runner, error);
    }
    this.execution.evaluateAll(runner.slots);
  }

  /** Takes up again who was due when the snapshot was made. */
  resume(): void {
    this.due.resume(this.runners);
  }

  /** What of which instruments comes from history has changed. Whether somebody is to be asked who could not be before. */
  catchUp(isFilling: (instrumentIndex: number) => boolean): boolean {
    let hasDue = false;
    for (const runner of this.runners) {
      runner.isFilling = runner.slots.some((slot) => isFilling(slot.instrumentIndex));
      if (runner.isFilling || !runner.isPostponed) continue;
      runner.catchUp();
      hasDue = true;
      if (!runner.isDue) this.due.add(runner);
    }
    return hasDue;
  }

  /** Stops a strategy: its entries are cancelled, its protection stays. Nothing restarts it but a person. */
  stop(runner: StrategyRunner, at: EpochMs, status: 'stopped' | 'failed', reason: string): void {
    if (runner.status !== 'running') return;
    runner.status = status;
    runner.statusReason = reason;
    if (status === 'stopped') {
      try {
        runner.onStop();
      } catch (error) {
        this.#tell(runner, at, threw('threw in onStop', error));
      }
    }
    for (const slot of runner.slots) this.execution.abandon(slot);
  }

  /** A person starts a stopped strategy: it begins as after a gap. */
  start(runner: StrategyRunner, gap: SignalGap): void {
    if (runner.status === 'running') return;
    runner.status = 'running';
    runner.statusReason = '';
    this.reset(runner, gap);
  }

  /** A strategy begins anew: state, and features and warm-up but of symbols whose gap was filled from history. */
  reset(runner: StrategyRunner, gap: SignalGap, filled: readonly string[] = []): void {
    try {
      runner.reset(gap, filled);
    } catch (error) {
      this.#fail(runner, threw('threw as it began anew', error));
    }
  }

  #ask(runner: StrategyRunner): void {
    runner.isDue = false;
    if (runner.hasClosed !== true) return this.#askAny(runner);
    runner.hasClosed = false;
    this.askAlone(runner);
  }

  #askClosed(runner: StrategyRunner): void {
    runner.hasClosed = true;
    this.#askAny(runner);
  }

  #askAny(runner: StrategyRunner): void {
    if (runner.isFilling) return runner.postpone();
    runner.isEarly = this.time.now < this.tradeFrom;
    if (runner.canAnswer) {
      try {
        if (runner.hasClosed) {
          if (runner.awaitsAnswer) runner.answers();
          const answer = runner.onBar();
          if (!runner.isUnproven || this.#proves(runner)) this.#take(runner, answer);
        }
        if (runner.dueTimes.length > 0) this.#askAtTimes(runner);
      } catch (error) {
        this.#threw(runner, error);
      }
    } else if (runner.dueTimes.length > 0) {
      runner.dueTimes = [];
    }
    runner.hasClosed = false;
    this.execution.evaluateAll(runner.slots);
  }

  /**
   * Whether what a strategy remembers is plain data. Looked at after its first answer alone, since to look each time would cost more than the answer:
   * what is put there later ends the session that cannot keep it.
   */
  #proves(runner: StrategyRunner): boolean {
    runner.isUnproven = false;
    const part = unplainPart(runner.state);
    if (part === undefined) return true;
    // Nor can the others be saved beside it.
    runner.forget();
    this.#fail(runner, { code: 'STRATEGY_STATE_INVALID', what: `keeps what cannot be saved: ${part}` });
    return false;
  }

  #askAtTimes(runner: StrategyRunner): void {
    while (runner.dueTimes.length > 0 && runner.status === 'running') {
      const [name, ...later] = runner.dueTimes;
      runner.dueTimes = later;
      const answer = runner.onTime(name as string);
      if (runner.awaitsAnswer && answer !== undefined) runner.answers();
      this.#take(runner, answer);
    }
  }

  #collectTimes(): void {
    this.schedule.collect(this.time.now, (runner) => {
      if (!runner.isDue) this.due.add(runner);
    });
  }

  #take(runner: StrategyRunner, answer: SignalAnswer): void {
    if (answer === undefined) return;
    const primary = runner.primarySlot;
    if (answer !== primary.plainShare) this.#turn(runner, primary, answer);
  }

  #turn(runner: StrategyRunner, primary: TargetSlot, answer: SignalAnswer): void {
    if (typeof answer === 'number') return this.#settle(runner, primary, takeShare(primary, answer));
    const effect = takeAnswer(runner.slots, primary, answer);
    if (typeof effect === 'object' || isTargetPosition(answer as object)) return this.#settle(runner, primary, effect);
    for (const slot of runner.slots) {
      const wish = (answer as Readonly<Record<string, SignalAnswer>>)[slot.instrument.symbol];
      if (wish === undefined || runner.status !== 'running') continue;
      const taken =
        typeof wish === 'number' ? takeShare(slot, wish) : takeTarget(slot, wish as Parameters<typeof takeTarget>[1]);
      this.#settle(runner, slot, taken);
    }
  }

  #settle(runner: StrategyRunner, slot: TargetSlot, effect: AnswerEffect): void {
    if (effect === 'unchanged' || effect === 'orders') return;
    if (effect !== 'size') {
      const { symbol } = slot.instrument;
      const symbols = runner.slots.map(({ instrument }) => instrument.symbol);
      const failure = { what: effect.invalid, symbol, answer: effect, symbols };
      return this.#fail(runner, { code: 'STRATEGY_ANSWER_INVALID', ...failure });
    }
    const refusal = (runner.sizings[slot.place] as Sizing).aim();
    if (refusal !== undefined) this.execution.refuse(slot, this.time.now, refusal.reason, refusal.message);
  }

  #threw(runner: StrategyRunner, error: unknown): void {
    this.#fail(runner, { ...threw('threw', error), symbol: runner.primarySlot.instrument.symbol });
  }

  #fail(runner: StrategyRunner, failure: StrategyFailure): void {
    const at = this.time.now;
    this.#tell(runner, at, failure);
    this.stop(runner, at, 'failed', `${failure.code}: ${failure.what}`);
  }

  #tell(runner: StrategyRunner, at: EpochMs, failure: StrategyFailure): void {
    const notice: EngineNotice = {
      ts: at,
      level: 'alarm',
      code: failure.code,
      message: `Strategy '${runner.name}' ${failure.what}. It is stopped: entries are cancelled, protection stays.`,
      details: { strategy: runner.name, symbol: runner.primarySlot.instrument.symbol },
    };
    this.notify(noteFailure(notice, failure));
  }
}

function threw(where: string, error: unknown): StrategyFailure {
  return { code: 'STRATEGY_THREW', what: `${where}: ${messageOf(error)}`, error };
}
