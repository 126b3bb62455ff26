import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import fc from 'fast-check';
import type { KernelEvent, TickEvent } from '../kernel/event.js';
import { Scene } from '../kernel/kernel.fixture.js';
import { decodeBlock } from './block-decoder.js';
import { BlockEncoder } from './block-encoder.js';
import type { OtherEvent } from './event-codec.js';
import { entryOf } from './entry-text.js';
import { anyNumber, anyText, anyTick } from './journal.fixture.js';
import type { JournalRecord } from './journal-record.js';

const index = fc.nat(5_000);
const words = <Word extends string>(...all: Word[]): fc.Arbitrary<Word> => fc.constantFrom(...all);

const bar = fc.record({
  kind: fc.constant('bar' as const),
  ...{ at: anyNumber, ts: anyNumber, endTs: anyNumber, open: anyNumber, high: anyNumber, low: anyNumber },
  ...{ close: anyNumber, volume: anyNumber, nTicks: anyNumber, vwap: anyNumber },
  streamIndex: index,
  isWarmup: fc.boolean(),
  isLast: fc.boolean(),
  symbol: anyText,
});
const report = fc.record({
  kind: fc.constant('venue-report' as const),
  report: words('sent', 'filled', 'unknown', 'cancel-rejected', 'replaced'),
  sequence: fc.maxSafeNat(),
  instrumentIndex: fc.integer({ min: -1, max: 9 }),
  ...{ at: anyNumber, qty: anyNumber, price: anyNumber, fee: anyNumber, limitPrice: anyNumber, stopPrice: anyNumber },
  ...{ venueOrderId: anyText, executionId: anyText, reason: anyText, message: anyText, feeCurrency: anyText },
  liquidity: words('maker', 'taker', 'unknown'),
});
const rare = fc.oneof(
  fc.record({
    kind: fc.constant('command' as const),
    at: anyNumber,
    command: fc.record({
      ts: anyNumber,
      name: words('halt', 'resume'),
      args: fc.dictionary(anyText, anyNumber),
      actor: anyText,
    }),
  }),
  fc.record({
    kind: fc.constant('cash' as const),
    ...{ at: anyNumber, book: anyText, currency: anyText, amount: anyNumber },
    reason: words('deposit', 'financing', 'dividend', 'other'),
  }),
  fc.record({
    kind: fc.constant('corporate-action' as const),
    ...{ at: anyNumber, instrumentIndex: index, numerator: anyNumber, denominator: anyNumber },
  }),
);
const events: fc.Arbitrary<KernelEvent> = fc.oneof(
  { weight: 4, arbitrary: anyTick },
  bar,
  report,
  rare,
  fc.record({ kind: fc.constant('timer' as const), at: anyNumber }),
);

type Step = { readonly event: KernelEvent; readonly isVenueFirst: boolean; readonly isBetween: boolean };
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ event: events, isVenueFirst: fc.boolean(), isBetween: fc.boolean() }),
  { maxLength: 30 },
);

/** The records of steps as they should come back. */
function encode(all: readonly Step[]): { readonly encoder: BlockEncoder; readonly expected: readonly JournalRecord[] } {
  const encoder = new BlockEncoder();
  const expected: JournalRecord[] = [];
  for (const { event, isVenueFirst, isBetween } of all) {
    if (event.kind !== 'tick') {
      encoder.event(event);
      expected.push({ kind: 'event', event });
      continue;
    }
    if (isVenueFirst) encoder.venueTick(event, event.instrumentIndex, event.at);
    if (isVenueFirst && isBetween) encoder.handed(7);
    encoder.kernelTick(event);
    const isOne = isVenueFirst && !isBetween;
    if (isVenueFirst) expected.push({ kind: 'tick', tick: event, isForVenue: true, isForKernel: isOne });
    if (isVenueFirst && isBetween) expected.push({ kind: 'handed', at: 7 });
    if (!isOne) expected.push({ kind: 'tick', tick: event, isForVenue: false, isForKernel: true });
  }
  return { encoder, expected };
}

describe('records of the journal as bytes', () => {
  it('come back as they were, in order', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { encoder, expected } = encode(all);
        expect(encoder.count).toBe(expected.length);
        expect(decodeBlock(encoder.bytes())).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keep -0 and NaN of a tick apart from what is near them', () => {
    const [tick] = fc.sample(anyTick, 1) as [TickEvent];
    const encoder = new BlockEncoder();
    encoder.kernelTick({ ...tick, bid: -0, ask: Number.NaN, last: Number.NEGATIVE_INFINITY });
    const [record] = decodeBlock(encoder.bytes()) as [Extract<JournalRecord, { kind: 'tick' }>];
    expect(Object.is(record.tick.bid, -0)).toBe(true);
    expect(record.tick).toMatchObject({ ask: Number.NaN, last: Number.NEGATIVE_INFINITY });
  });

  it('of the venue, the seam and the end come back', () => {
    const encoder = new BlockEncoder();
    const values = { open: 1, high: 2, low: -0, close: Number.NaN, volume: 0 };
    const fill = { executionNumber: 4, qty: 5, price: 1.5, fee: 0.1, leavesQty: 0, feeCurrency: 'USD' } as const;
    const liquidation = {
      account: 'ACC',
      instrumentIndex: 3,
      side: 'sell',
      fill: { ...fill, liquidity: 'taker' },
    } as const;
    encoder.barOpen(1, 1.25, 10);
    encoder.barRange(2, values, 20);
    encoder.advance(30);
    encoder.liquidation(liquidation, 40);
    encoder.seam('AAA', 50, true);
    encoder.gap(51, 55);
    encoder.end(60, '0123456789abcdef');
    expect(decodeBlock(encoder.bytes())).toEqual([
      { kind: 'bar-open', instrumentIndex: 1, open: 1.25, at: 10 },
      { kind: 'bar-range', instrumentIndex: 2, bar: values, at: 20 },
      { kind: 'advance', at: 30 },
      { kind: 'liquidation', liquidation, at: 40 },
      { kind: 'seam', symbol: 'AAA', at: 50, isWhole: true },
      { kind: 'gap', from: 51, at: 55 },
      { kind: 'end', at: 60, hash: '0123456789abcdef' },
    ]);
  });

  it('of the outbox are what the kernel decided', () => {
    const scene = new Scene();
    scene.answers[0] = { units: 300, entry: { limit: 99.5 }, protect: { stop: 90, takeProfit: 110 } };
    const bar = scene.barEvent({ streamIndex: 0, ts: scene.now, price: 100 });
    scene.kernel.process(bar);
    scene.kernel.process({ kind: 'timer', at: bar.at });
    scene.kernel.process({ kind: 'command', at: bar.at, command: { ts: 1, name: 'alloc', args: {}, actor: 'ada' } });
    const { outbox } = scene.kernel;
    outbox.query('broker', 7);
    outbox.cancelForeign('broker', { clientOrderId: '', symbol: 'AAA', venueOrderId: 'b-1' });
    const encoder = new BlockEncoder();
    const expected = [];
    for (let place = 0; place < outbox.end; place++) {
      encoder.entry(outbox.at(place));
      expected.push({ kind: 'outbox', entry: entryOf(outbox.at(place)) });
    }
    expect(expected.length).toBeGreaterThan(1);
    expect(decodeBlock(encoder.bytes())).toEqual(expected);
  });

  it('never crash or loop when they are none: everything ends in JOURNAL_RECORD_INVALID', () => {
    const decode = (bytes: Uint8Array): void => {
      try {
        decodeBlock(bytes);
      } catch (error) {
        if (!isTradingError(error)) throw error;
        expect(error.code).toBe('JOURNAL_RECORD_INVALID');
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), decode), { numRuns: 10_000 });
    fc.assert(
      fc.property(steps, fc.nat(), fc.nat(255), (all, place, byte) => {
        const bytes = encode(all).encoder.bytes();
        if (bytes.length === 0) return;
        decode(bytes.subarray(0, place % bytes.length));
        const changed = bytes.slice();
        changed[place % bytes.length] = byte;
        decode(changed);
      }),
      { numRuns: 2_000 },
    );
  });

  it('that cannot be written leave no half of themselves behind', () => {
    const encoder = new BlockEncoder();
    encoder.advance(1);
    const event = { kind: 'command', at: 2, command: { ts: 2, name: 'halt', args: { f: () => 1 }, actor: 'a' } };
    expect(() => encoder.event(event as unknown as OtherEvent)).toThrow(
      expect.objectContaining({ code: 'JOURNAL_VALUE_UNSUPPORTED' }),
    );
    encoder.advance(3);
    expect(encoder.count).toBe(2);
    expect(decodeBlock(encoder.bytes())).toEqual([
      { kind: 'advance', at: 1 },
      { kind: 'advance', at: 3 },
    ]);
  });
});
