import type { EngineNotice, EpochMs, SignalAnswer, SignalGap } from '@bookrunner/sdk';
import type { Execution } from '../execution/execution.js';
import type { KernelTime } from '../kernel/kernel-time.js';
import { sizeWish } from '../execution/sizing.js';
import type { TargetSlot } from '../execution/target-slot.js';
import { type AnswerEffect, isTargetPosition, takeAnswer, takeShare, takeTarget } from './answer.js';
import { messageOf } from '../execution/message-of.js';
import { Schedule } from './schedule.js';
import type { StrategyRunner } from './strategy-runner.js';

/** Where problems of strategies are told. */
export type Notify = (notice: EngineNotice) => void;

/**
 * Asks the strategies concerned, each once an instant, and turns their answers into targets. A strategy that throws or answers
 * nonsense is stopped; the others go on.
 */
export class SignalStage {
  readonly runners: readonly StrategyRunner[];
  readonly schedule: Schedule;
  readonly #execution: Execution;
  readonly #notify: Notify;
  readonly #due: StrategyRunner[] = [];
  readonly #time: KernelTime;
  readonly #tradeFrom: EpochMs;
  #dueCount = 0;

  constructor(setup: {
    runners: (
      onDue: (runner: StrategyRunner) => void,
      onFeatureThrew: (runner: StrategyRunner, error: unknown) => void,
    ) => readonly StrategyRunner[];
    execution: Execution;
    notify: Notify;
    time: KernelTime;
    tradeFrom: EpochMs;
  }) {
    this.#time = setup.time;
    this.#tradeFrom = setup.tradeFrom;
    this.#execution = setup.execution;
    this.#notify = setup.notify;
    this.runners = setup.runners(
      (runner) => {
        this.#due[this.#dueCount++] = runner;
      },
      // Of a strategy that is stopped already, its next bars tell nothing new.
      (runner, error) => {
        if (runner.status === 'running')
          this.#fail(runner, 'STRATEGY_THREW', `threw in a feature: ${messageOf(error)}`);
      },
    );
    this.schedule = new Schedule(this.runners, setup.time);
  }

  /** Runs what is due at the instant, in the order of engine.yaml. */
  run(): void {
    if (this.#time.now >= this.#time.scheduleAt) this.#collectTimes();
    const count = this.#dueCount;
    if (count === 0) return;
    const due = this.#due;
    if (count > 1) sortByIndex(due, count);
    for (let i = 0; i < count; i++) this.#ask(due[i] as StrategyRunner);
    // The list keeps its length: shrinking it would allocate it anew at the next bar.
    this.#dueCount = 0;
  }

  /** Takes up again who was due when the snapshot was made. */
  resume(): void {
    for (const runner of this.runners) if (runner.isDue) this.#due[this.#dueCount++] = runner;
  }

  /** What of which instruments comes from history has changed. Whether somebody is to be asked who could not be before. */
  catchUp(isFilling: (instrumentIndex: number) => boolean): boolean {
    let hasDue = false;
    for (const runner of this.runners) {
      runner.isFilling = runner.slots.some((slot) => isFilling(slot.instrumentIndex));
      if (runner.isFilling || !runner.isPostponed) continue;
      runner.catchUp();
      hasDue = true;
      if (runner.isDue) continue;
      runner.isDue = true;
      this.#due[this.#dueCount++] = runner;
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
        this.#tell(runner, at, 'STRATEGY_THREW', `threw in onStop: ${messageOf(error)}`);
      }
    }
    for (const slot of runner.slots) this.#execution.abandon(slot);
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
      this.#fail(runner, 'STRATEGY_THREW', `threw as it began anew: ${messageOf(error)}`);
    }
  }

  #ask(runner: StrategyRunner): void {
    runner.isDue = false;
    if (runner.isFilling) {
      runner.postpone();
      return;
    }
    if (runner.status === 'running' && runner.isWarm && !runner.isGated && this.#time.now >= this.#tradeFrom) {
      try {
        if (runner.awaitsAnswer && runner.hasClosed) runner.answers();
        if (runner.hasClosed) this.#take(runner, runner.onBar());
        while (runner.dueTimes.length > 0 && runner.status === 'running') {
          const answer = runner.onTime(runner.dueTimes.shift() as string);
          if (runner.awaitsAnswer && answer !== undefined) runner.answers();
          this.#take(runner, answer);
        }
      } catch (error) {
        this.#fail(runner, 'STRATEGY_THREW', `threw: ${messageOf(error)}`);
      }
    } else if (runner.dueTimes.length > 0) {
      runner.dueTimes.length = 0;
    }
    runner.hasClosed = false;
    this.#execution.evaluateAll(runner.slots);
  }

  #collectTimes(): void {
    this.schedule.collect(this.#time.now, (runner) => {
      if (runner.isDue) return;
      runner.isDue = true;
      this.#due[this.#dueCount++] = runner;
    });
  }

  #take(runner: StrategyRunner, answer: SignalAnswer): void {
    if (answer === undefined) return;
    const primary = runner.primarySlot;
    if (typeof answer === 'number') {
      // The common case, an unchanged share, costs this comparison.
      const effect = takeShare(primary, answer);
      return effect === 'unchanged' ? undefined : this.#settle(runner, primary, effect);
    }
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
    const at = this.#time.now;
    if (effect === 'unchanged' || effect === 'orders') return;
    if (effect !== 'size') return this.#fail(runner, 'STRATEGY_ANSWER_INVALID', effect.invalid);
    const features = runner.sizerBanks[runner.slots.indexOf(slot)]?.view as Readonly<Record<string, number>>;
    const decision = sizeWish(slot, runner.setup.sizer, {
      at,
      allocation: runner.allocation,
      features,
      grossExposure: this.#execution.grossOf(runner.index),
    });
    if (decision.kind === 'sized') slot.targetScaled = slot.state.targetScaled(decision.units);
    else this.#execution.refuse(slot, at, decision.reason, decision.message);
  }

  #fail(runner: StrategyRunner, code: string, what: string): void {
    const at = this.#time.now;
    this.#tell(runner, at, code, what);
    this.stop(runner, at, 'failed', `${code}: ${what}`);
  }

  #tell(runner: StrategyRunner, at: EpochMs, code: string, what: string): void {
    this.#notify({
      ts: at,
      level: 'alarm',
      code,
      message: `Strategy '${runner.name}' ${what}. It is stopped: entries are cancelled, protection stays.`,
      details: { strategy: runner.name, symbol: runner.primarySlot.instrument.symbol },
    });
  }
}

/** Sorts the first `count` runners as engine.yaml lists them; nearly always they already are. */
function sortByIndex(runners: StrategyRunner[], count: number): void {
  for (let i = 1; i < count; i++) {
    const runner = runners[i] as StrategyRunner;
    let k = i - 1;
    while (k >= 0 && (runners[k] as StrategyRunner).index > runner.index) {
      runners[k + 1] = runners[k] as StrategyRunner;
      k -= 1;
    }
    runners[k + 1] = runner;
  }
}
