import { describe, expect, it } from '@jest/globals';
import type { BarBuilder, BarBuilderContext, BarBuilderState, EmitBar } from '../../interfaces/bar-builder.js';
import type { Bar } from '../../model/bar.js';
import type { Tick } from '../../model/tick.js';
import { MINUTE_MS } from '../../model/time.js';
import { describeBroken } from '../broken.fixture.js';
import type { BrokenImplementation } from '../broken.fixture.js';
import { describeContract } from '../contract.js';
import type { ContractSuite } from '../contract.js';
import { barBuilderContract } from './bar-builder-contract.js';

type MutableBar = { -readonly [Key in keyof Bar]: Bar[Key] };

/** One-minute bars of trades and mids on the grid of UTC minutes; every step is a method that a fault may replace. */
class MinuteBars implements BarBuilder {
  ignoredTicks = 0;
  readonly context: BarBuilderContext;
  readonly fillsGaps: boolean = false;
  isRunning = false;
  closedUntil = Number.NEGATIVE_INFINITY;
  readonly bar: MutableBar;

  constructor(context: BarBuilderContext) {
    this.context = context;
    const nan = Number.NaN;
    const prices = { open: nan, high: nan, low: nan, close: nan, volume: 0, nTicks: 0, vwap: nan };
    this.bar = { ts: nan, endTs: nan, symbol: context.instrument.symbol, ...prices };
  }

  get nextClose(): number {
    if (this.isRunning) return this.bar.endTs;
    return this.fillsGaps && Number.isFinite(this.closedUntil) ? this.closedUntil + MINUTE_MS : Number.NaN;
  }

  priceOf({ bid, ask, last }: Tick): number {
    return last > 0 ? last : (bid + ask) / 2;
  }

  isOutside(tick: Tick): boolean {
    return !this.context.calendar.isOpen(tick.ts);
  }

  isLate(tick: Tick): boolean {
    return tick.ts < this.closedUntil || (this.isRunning && tick.ts < this.bar.ts);
  }

  ignore(): void {
    this.ignoredTicks += 1;
  }

  onTick(tick: Tick, emit: EmitBar): void {
    const price = this.priceOf(tick);
    if (!(price > 0) || this.isOutside(tick) || this.isLate(tick)) return this.ignore();
    if (this.isRunning && tick.ts >= this.bar.endTs) this.close(emit);
    if (!this.isRunning) this.begin(Math.floor(tick.ts / MINUTE_MS) * MINUTE_MS, price);
    this.add(price, tick.size > 0 ? tick.size : 0);
  }

  begin(start: number, price: number): void {
    const { bar } = this;
    this.isRunning = true;
    [bar.ts, bar.endTs, bar.volume, bar.nTicks] = [start, start + MINUTE_MS, 0, 0];
    [bar.open, bar.high, bar.low, bar.close] = [price, price, price, price];
  }

  add(price: number, size: number): void {
    const { bar } = this;
    if (price > bar.high) bar.high = price;
    if (price < bar.low) bar.low = price;
    bar.close = price;
    bar.volume += size;
    bar.nTicks += 1;
  }

  close(emit: EmitBar): void {
    this.isRunning = false;
    this.closedUntil = this.bar.endTs;
    emit(this.bar);
  }

  flush(now: number, emit: EmitBar, force = false): void {
    if (this.isRunning && (force || now >= this.bar.endTs)) this.close(emit);
    while (!this.isRunning && now >= this.nextClose) {
      this.begin(this.closedUntil, this.bar.close);
      this.close(emit);
    }
  }

  save(): BarBuilderState {
    const { ts, endTs, open, high, low, close, volume, nTicks } = this.bar;
    const { ignoredTicks, closedUntil } = this;
    const isRunning = this.isRunning ? 1 : 0;
    return { ts, endTs, open, high, low, close, volume, nTicks, ignoredTicks, closedUntil, isRunning };
  }

  load(state: BarBuilderState): void {
    const { ignoredTicks, closedUntil, isRunning, ...bar } = state;
    Object.assign(this.bar, bar);
    this.ignoredTicks = ignoredTicks ?? 0;
    this.closedUntil = closedUntil ?? Number.NEGATIVE_INFINITY;
    this.isRunning = isRunning === 1;
  }
}

class MinuteBarsOfBars extends MinuteBars {
  onBar(bar: Bar, emit: EmitBar): void {
    if (this.isRunning && bar.ts >= this.bar.endTs) this.close(emit);
    if (!this.isRunning) this.begin(Math.floor(bar.ts / MINUTE_MS) * MINUTE_MS, bar.open);
    this.add(bar.high, 0);
    this.add(bar.low, 0);
    this.add(bar.close, bar.volume);
    this.bar.nTicks += bar.nTicks - 3;
  }
}

class FilledMinuteBars extends MinuteBars {
  override readonly fillsGaps = true;
}

type Builder = new (context: BarBuilderContext) => BarBuilder;

function suiteOf(Implementation: Builder, fillsGaps = false): ContractSuite {
  return barBuilderContract({ create: (context) => new Implementation(context), fillsGaps });
}

describeContract('minute bars', suiteOf(MinuteBars), { describe, it });
describeContract('minute bars of bars', suiteOf(MinuteBarsOfBars), { describe, it });
describeContract('minute bars without gaps', suiteOf(FilledMinuteBars, true), { describe, it });

let sharedVolume = 0;

const broken: readonly BrokenImplementation[] = [
  {
    what: 'ticks counted twice',
    suite: suiteOf(
      class extends MinuteBars {
        override add(price: number, size: number): void {
          super.add(price, size);
          this.bar.nTicks += 1;
        }
      },
    ),
    fails: ['BAR-010', 'BAR-045'],
  },
  {
    what: 'ticks ignored without a count',
    suite: suiteOf(
      class extends MinuteBars {
        override ignore(): void {}
      },
    ),
    fails: ['BAR-010', 'BAR-020', 'BAR-030', 'BAR-045'],
  },
  {
    what: 'bars of a closed market',
    suite: suiteOf(
      class extends MinuteBars {
        override isOutside(): boolean {
          return false;
        }
      },
    ),
    fails: ['BAR-030'],
  },
  {
    what: 'bars that overlap',
    suite: suiteOf(
      class extends MinuteBars {
        override close(emit: EmitBar): void {
          this.bar.ts -= 1_000;
          super.close(emit);
        }
      },
    ),
    fails: ['BAR-040', 'BAR-045'],
  },
  {
    what: 'bars reopened by late ticks',
    suite: suiteOf(
      class extends MinuteBars {
        override isLate(): boolean {
          return false;
        }
        override onTick(tick: Tick, emit: EmitBar): void {
          if (this.isRunning && tick.ts < this.bar.ts) this.close(emit);
          super.onTick(tick, emit);
        }
      },
    ),
    fails: ['BAR-045'],
  },
  {
    what: 'lost volume',
    suite: suiteOf(
      class extends MinuteBars {
        override add(price: number, size: number): void {
          super.add(price, size > 100 ? 100 : size);
        }
      },
    ),
    fails: ['BAR-050'],
  },
  {
    what: 'a high that is not the highest',
    suite: suiteOf(
      class extends MinuteBars {
        override close(emit: EmitBar): void {
          this.bar.high = this.bar.open;
          super.close(emit);
        }
      },
    ),
    fails: ['BAR-060'],
  },
  {
    what: 'changed ticks',
    suite: suiteOf(
      class extends MinuteBars {
        override onTick(tick: Tick, emit: EmitBar): void {
          Reflect.set(tick, 'venue', 'changed');
          super.onTick(tick, emit);
        }
      },
    ),
    fails: ['BAR-070'],
  },
  {
    what: 'a kept tick',
    suite: suiteOf(
      class extends MinuteBars {
        #kept: Tick | undefined;
        override onTick(tick: Tick, emit: EmitBar): void {
          super.onTick(tick, emit);
          if (this.isRunning) this.#kept = tick;
        }
        override close(emit: EmitBar): void {
          if (this.#kept !== undefined && Number.isFinite(this.priceOf(this.#kept)))
            this.bar.close = this.priceOf(this.#kept);
          this.bar.low = Math.min(this.bar.low, this.bar.close);
          super.close(emit);
        }
      },
    ),
    fails: ['BAR-080'],
  },
  {
    what: 'something shared between builders',
    suite: suiteOf(
      class extends MinuteBars {
        override close(emit: EmitBar): void {
          sharedVolume += 1;
          this.bar.vwap = sharedVolume;
          super.close(emit);
        }
      },
    ),
    fails: ['BAR-080', 'BAR-090', 'BAR-160'],
  },
  {
    what: 'objects made for every tick',
    suite: suiteOf(
      class extends MinuteBars {
        recent: Tick[] = [];
        override onTick(tick: Tick, emit: EmitBar): void {
          this.recent = [...this.recent.slice(-20), { ...tick }];
          super.onTick(tick, emit);
        }
      },
    ),
    fails: ['BAR-100'],
  },
  {
    what: 'a bar before the first tick',
    suite: suiteOf(
      class extends MinuteBars {
        override flush(now: number, emit: EmitBar, force = false): void {
          if (force && !this.isRunning) return emit({ ...this.bar, nTicks: 0 });
          super.flush(now, emit, force);
        }
      },
    ),
    fails: ['BAR-020', 'BAR-110', 'BAR-130', 'BAR-140'],
  },
  {
    what: 'a nextClose that is not kept',
    suite: suiteOf(
      class extends MinuteBars {
        override flush(now: number, emit: EmitBar, force = false): void {
          super.flush(now - 5, emit, force);
        }
      },
    ),
    fails: ['BAR-120'],
  },
  {
    what: 'a forced flush that does nothing',
    suite: suiteOf(
      class extends MinuteBars {
        override flush(now: number, emit: EmitBar): void {
          super.flush(now, emit);
        }
      },
    ),
    fails: ['BAR-010', 'BAR-045', 'BAR-050', 'BAR-130'],
  },
  {
    what: 'bars in gaps that nobody asked for',
    suite: suiteOf(FilledMinuteBars),
    fails: ['BAR-140'],
  },
  { what: 'gaps left open although they should be filled', suite: suiteOf(MinuteBars, true), fails: ['BAR-150'] },
  {
    what: 'a state that forgets the volume',
    suite: suiteOf(
      class extends MinuteBars {
        override save(): BarBuilderState {
          return { ...super.save(), volume: 0 };
        }
      },
    ),
    fails: ['BAR-160'],
  },
  {
    what: 'larger bars without their volume',
    suite: suiteOf(
      class extends MinuteBarsOfBars {
        override onBar(bar: Bar, emit: EmitBar): void {
          super.onBar({ ...bar, volume: 0 }, emit);
        }
      },
    ),
    fails: ['BAR-170'],
  },
];

describeBroken('bar builder', [suiteOf(MinuteBarsOfBars), suiteOf(FilledMinuteBars, true)], broken);

describe('barBuilderContract', () => {
  it('says why cases are skipped', () => {
    const skips = (suite: ContractSuite) =>
      suite.cases.flatMap((item) => (item.skip === undefined ? [] : [`${item.id} ${item.skip}`]));
    expect(skips(suiteOf(MinuteBars))).toEqual([
      'BAR-150 filling gaps is not declared',
      'BAR-170 onBar is not declared',
    ]);
  });
});
