import { describe, expect, it, jest } from '@jest/globals';
import { moneyPower, MONEY_DECIMALS, toMoney, toScaled } from '@bookrunner/sdk';
import fc from 'fast-check';
import { QuietRange } from './quiet-range.js';
import { calmSteps, makeBench, options, play, run, steps, type Step } from './venue-steps.fixture.js';

const RUNS = { numRuns: 80 };

describe('properties of the simulated venue', () => {
  it('takes whole bars, and passes by what touches no order, as a venue that looks at every price', () => {
    const passed = { bars: 0, withOrders: 0 };
    fc.assert(
      fc.property(options, fc.oneof(steps, calmSteps), fc.boolean(), (chosen, items, takesWholeBars) => {
        const [looking, passing] = [makeBench(chosen), makeBench(chosen)];
        passing.takesWholeBars = takesWholeBars;
        for (const item of items) {
          const looks = jest.spyOn(QuietRange.prototype, 'holds').mockReturnValue(false);
          play(looking, item);
          looks.mockRestore();
          const { wholeBars } = passing;
          const hasOrders = passing.venue.save().slots.some(({ resting }) => resting.length > 0);
          play(passing, item);
          passed.bars += passing.wholeBars - wholeBars;
          if (hasOrders) passed.withOrders += passing.wholeBars - wholeBars;
          expect(passing.now).toBe(looking.now);
          expect(passing.venue.nextDeadline).toBe(looking.venue.nextDeadline);
        }
        expect(passing.listener.heard).toEqual(looking.listener.heard);
        expect(passing.venue.save()).toEqual(looking.venue.save());
      }),
      { numRuns: 120 },
    );
    expect(passed.bars).toBeGreaterThan(passed.withOrders);
    expect(passed.withOrders).toBeGreaterThan(0);
  });

  it('keeps fills within the quantity, leaves exact, and nothing after the end of an order', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const { bench, heard } = run(chosen, items);
        const qty = new Map([...bench.records].map(([sequence, record]) => [sequence, record.qty]));
        const filled = new Map<number, number>();
        const ended = new Set<number>();
        const accepted = new Set<number>();
        for (const line of heard) {
          const isAnswer = line.kind === 'cancel-rejected' || line.kind === 'replace-rejected';
          if (line.order !== 0 && !isAnswer) expect(ended.has(line.order)).toBe(false);
          if (line.kind === 'accepted') accepted.add(line.order);
          if (line.kind === 'replaced') qty.set(line.order, line.qty!);
          if (line.kind === 'filled') {
            expect(accepted.has(line.order)).toBe(true);
            const total = (filled.get(line.order) ?? 0) + line.qty!;
            filled.set(line.order, total);
            expect(line.qty).toBeGreaterThan(0);
            expect(line.leaves).toBe(qty.get(line.order)! - total);
            expect(line.leaves).toBeGreaterThanOrEqual(0);
          }
          if (line.kind === 'cancelled' || line.kind === 'expired' || line.kind === 'rejected' || line.leaves === 0)
            ended.add(line.order);
        }
      }),
      RUNS,
    );
  });

  it('never fills an OCO group for more than its largest member', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const { bench, heard } = run(
          chosen,
          items.filter((item) => item.kind !== 'replace'),
        );
        const largest = new Map<number, number>();
        const total = new Map<number, number>();
        for (const record of bench.records.values()) {
          const group = record.ocoSequence;
          if (group !== 0) largest.set(group, Math.max(largest.get(group) ?? 0, record.qty));
        }
        for (const line of heard) {
          const group = bench.records.get(line.order)?.ocoSequence ?? 0;
          if (line.kind === 'filled' && group !== 0) total.set(group, (total.get(group) ?? 0) + line.qty!);
        }
        for (const [group, filled] of total) expect(filled).toBeLessThanOrEqual(largest.get(group)!);
      }),
      RUNS,
    );
  });

  it('never lets bracket children fill more than their parent has', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const { bench, heard } = run(chosen, items);
        const filled = new Map<number, number>();
        for (const line of heard) {
          if (line.kind !== 'filled') continue;
          const parent = bench.records.get(line.order)!.parentSequence;
          filled.set(line.order, (filled.get(line.order) ?? 0) + line.qty!);
          if (parent === 0) continue;
          const ofChildren = [...filled].filter(([sequence]) => bench.records.get(sequence)!.parentSequence === parent);
          expect(ofChildren.reduce((sum, [, qty]) => sum + qty, 0)).toBeLessThanOrEqual(filled.get(parent) ?? 0);
        }
      }),
      RUNS,
    );
  });

  it('adds up to the sum of the fills, fees and financing, to the last unit', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const { bench, heard } = run(chosen, items);
        let cash = toMoney(1_000);
        let position = 0n;
        let fees = 0n;
        const unit = moneyPower(MONEY_DECIMALS - 5 - 3);
        for (const line of heard) {
          if (line.kind === 'cash') cash += toMoney(line.amount!);
          if (line.kind !== 'filled') continue;
          const signed = BigInt(toScaled(line.qty!, 3)) * BigInt(bench.records.get(line.order)!.direction);
          position += signed;
          fees += toMoney(line.fee!);
          cash -= signed * BigInt(toScaled(line.price!, 5)) * 2n * unit;
        }
        const [saved] = bench.venue.save().accounts;
        if (saved === undefined) return;
        const holding = saved.holdings[0];
        expect(BigInt(holding?.qty ?? 0)).toBe(position);
        const booked = BigInt(saved.booked[0]![1]) * moneyPower(10) + BigInt(saved.initial[0]![1]);
        expect(booked - BigInt(holding?.traded ?? 0) * 2n * unit).toBe(cash - fees);
        expect(bench.venue.snapshot(bench.now).executions.items).toHaveLength(
          heard.filter((line) => line.kind === 'filled').length,
        );
      }),
      RUNS,
    );
  });

  it('never fills a limit worse than its price, nor a stop better than it', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const { bench, heard } = run(
          chosen,
          items.filter((item) => item.kind !== 'replace'),
        );
        for (const line of heard) {
          if (line.kind !== 'filled') continue;
          const record = bench.records.get(line.order)!;
          const { limitPrice, stopPrice, direction, orderType } = record;
          if (Number.isFinite(limitPrice)) expect(direction * (limitPrice - line.price!)).toBeGreaterThanOrEqual(0);
          // A stop that volume held up after its trigger is a market order by then.
          const isPrompt = orderType === 'stop' && chosen.volumeShare === 0;
          if (isPrompt) expect(direction * (line.price! - stopPrice)).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  it('never reports backwards in time, and never sells short where that is switched off', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const { bench, heard } = run(chosen, items);
        let position = 0;
        let ts = 0;
        for (const line of heard) {
          expect(line.ts).toBeGreaterThanOrEqual(ts);
          ts = line.ts;
          if (line.kind === 'filled') position += bench.records.get(line.order)!.direction * line.qty!;
          if (!chosen.shortSale) expect(position).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  it('does the same twice, and the same with a restart in between', () => {
    fc.assert(
      fc.property(options, steps, fc.nat(60), (chosen, items, cut) => {
        const once = run(chosen, items);
        const restarted = makeBench(chosen);
        for (const [index, item] of items.entries()) {
          if (index === cut % items.length) restarted.restart();
          play(restarted, item);
        }
        expect(run(chosen, items).heard).toEqual(once.heard);
        expect(restarted.listener.heard).toEqual(once.heard);
        expect(restarted.venue.save()).toEqual(once.bench.venue.save());
        expect(restarted.venue.snapshot(restarted.now)).toEqual(once.bench.venue.snapshot(once.bench.now));
      }),
      RUNS,
    );
  });

  it('takes an order that comes alone as it takes a group', () => {
    // An account that can carry everything: watching its margin makes every order one of a group, and changes nothing else.
    const cash = { initialCash: { USD: 1e12 } };
    const margin = { maintenance: 0.5, onCall: 'cancel-entries' };
    const first: Step = { kind: 'bar', open: 10_000, up: 1, down: 1, close: 0, volume: 100, asTicks: false };
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const isTicks = items.some((item) => item.kind === 'bar' && item.asTicks);
        const priced = [{ ...first, asTicks: isTicks }, ...items];
        const alone = run({ ...chosen, ...cash }, priced);
        const together = run({ ...chosen, ...cash, margin }, priced);
        expect(alone.heard).toEqual(together.heard);
        expect(alone.bench.venue.save().accounts).toEqual(together.bench.venue.save().accounts);
      }),
      RUNS,
    );
  });

  it('says the same where nobody reads its accounts, which it then does not value', () => {
    // Little cash: what an account is worth decides which orders are refused.
    const margin = fc.constantFrom(undefined, { maintenance: 0.5, onCall: 'liquidate' });
    fc.assert(
      fc.property(options, steps, margin, (chosen, items, watched) => {
        const lasting = makeBench({ ...chosen, margin: watched });
        const transient = makeBench({ ...chosen, margin: watched }, { isTransient: true });
        for (const item of items) {
          play(lasting, item);
          play(transient, item);
        }
        expect(transient.listener.heard).toEqual(lasting.listener.heard);
        expect(transient.venue.nextDeadline).toBe(lasting.venue.nextDeadline);
      }),
      RUNS,
    );
  });

  it('keeps deadlines in the future once they are done', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const bench = makeBench(chosen);
        for (const item of items) {
          play(bench, item);
          bench.venue.advance(bench.now);
          expect(bench.venue.nextDeadline).toBeGreaterThan(bench.now);
        }
      }),
      RUNS,
    );
  });
});
