import type { BarValues, EpochMs } from '@bookrunner/sdk';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { FeatureBank } from './feature-bank.js';

/** Told that one of its streams closed a bar, and when one has given enough bars to be warm. */
export interface BarListener {
  barClosed(isFirstTimeframe: boolean): void;
  becameWarm(): void;
  featureThrew(error: unknown, consumer: StreamConsumer): void;
}

/** One strategy's end of one stream: its features there, and when it last had a bar. */
export class StreamConsumer {
  readonly bank: FeatureBank;
  /** Features of the strategy's sizer, which follow those of the bank; undefined where it has none here. */
  readonly sizerBank: FeatureBank | undefined;
  /** The next reader of the stream. */
  next: StreamConsumer | undefined = undefined;
  /** Bars since the last reset. */
  count = 0;
  closedAt: EpochMs = Number.NaN;
  private readonly warmup: number;
  private readonly isFirstTimeframe: boolean;
  private readonly listener: BarListener;
  private readonly time: KernelTime;

  constructor(setup: {
    bank: FeatureBank;
    sizerBank: FeatureBank | undefined;
    warmup: number;
    isFirstTimeframe: boolean;
    listener: BarListener;
    time: KernelTime;
  }) {
    this.bank = setup.bank;
    this.sizerBank = setup.sizerBank;
    this.warmup = setup.warmup;
    this.isFirstTimeframe = setup.isFirstTimeframe;
    this.listener = setup.listener;
    this.time = setup.time;
  }

  get isWarm(): boolean {
    return this.count >= this.warmup;
  }

  /** Takes a bar; one of the warm-up asks for no answer. */
  onBar(bar: BarValues, isWarmup: boolean): void {
    if (this.read(bar) && !isWarmup) this.listener.barClosed(this.isFirstTimeframe);
  }

  /** Takes a bar into the features; false where one threw, which ends this strategy alone. */
  read(bar: BarValues): boolean {
    try {
      this.bank.update(bar);
    } catch (error) {
      this.listener.featureThrew(error, this);
      return false;
    }
    this.closedAt = this.time.now;
    const count = this.count + 1;
    this.count = count;
    if (count === this.warmup) this.listener.becameWarm();
    return true;
  }

  /** Asks about the newest bar, where nobody could be asked when it closed. */
  ask(): void {
    this.closedAt = this.time.now;
    this.listener.barClosed(this.isFirstTimeframe);
  }

  reset(): void {
    this.bank.reset();
    this.sizerBank?.reset();
    this.count = 0;
  }
}
