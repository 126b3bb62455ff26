import { beforeEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import type { IBApi } from '@stoqey/ib';
import fc from 'fast-check';
import type { Lane } from './gateway.js';
import { OutboundGate } from './outbound-gate.js';
import type { GateLimits } from './outbound-gate.js';

const LIMITS: GateLimits = { messagesPerSecond: 45, reservedForOrders: 10, burst: 10 };

const LANES: readonly Lane[] = ['order', 'data', 'history'];

interface Written {
  readonly lane: Lane;
  readonly number: number;
  readonly at: number;
}

/** A gate onto a wire that notes what reaches it, message by message. */
class Wire {
  readonly clock = new FakeClock();
  readonly written: Written[] = [];
  readonly outcomes = new Map<number, string>();
  readonly gate: OutboundGate;
  readonly target = { api: {} as IBApi, messagesWritten: 0 };
  /** Sends that were written while one of a lane ahead of theirs waited. */
  readonly overtaken: number[] = [];
  readonly #waiting: Readonly<Record<Lane, Set<number>>> = { order: new Set(), data: new Set(), history: new Set() };
  #number = 0;

  constructor(limits: GateLimits = LIMITS) {
    this.gate = new OutboundGate({ limits, clock: this.clock, logger: SILENT_LOGGER });
    this.gate.open(this.target);
  }

  /** Returns the number of the send. */
  send(lane: Lane, cost = 1): number {
    const number = (this.#number += 1);
    this.#waiting[lane].add(number);
    const write = (): void => {
      this.#waiting[lane].delete(number);
      const ahead = LANES.slice(0, LANES.indexOf(lane));
      if (ahead.some((other) => this.#waiting[other].size > 0)) this.overtaken.push(number);
      for (let message = 0; message < cost; message += 1) {
        this.written.push({ lane, number, at: this.clock.nowUtc() });
        this.target.messagesWritten += 1;
      }
    };
    const waiting = this.gate.waiting;
    const outcome = this.gate.send({ lane, cost, write });
    if (this.gate.waiting === waiting) this.#waiting[lane].delete(number);
    void outcome.then((text) => this.outcomes.set(number, text));
    return number;
  }

  of(lane: Lane): readonly number[] {
    return this.written.filter((message) => message.lane === lane).map((message) => message.number);
  }
}

describe('OutboundGate', () => {
  let wire: Wire;

  beforeEach(() => {
    wire = new Wire();
  });

  it('24: writes a cancel at once in a storm of 500 subscriptions, at every moment of it', () => {
    for (let count = 0; count < 500; count += 1) wire.send('data');
    for (let moment = 0; moment < 100; moment += 1) {
      const before = wire.written.length;
      const cancel = wire.send('order');
      expect(wire.written.slice(before)).toEqual([{ lane: 'order', number: cancel, at: wire.clock.nowUtc() }]);
      wire.clock.advance(137);
    }
    expect(wire.of('data').length).toBeGreaterThan(350);
  });

  it('24: lets a burst of ten cancels through in a storm without a wait', () => {
    for (let count = 0; count < 500; count += 1) wire.send('data');
    wire.clock.advance(2_345);
    const now = wire.clock.nowUtc();
    for (let count = 0; count < 10; count += 1) wire.send('order');
    expect(wire.written.filter(({ lane, at }) => lane === 'order' && at === now)).toHaveLength(10);
  });

  it('24: writes 500 subscriptions in 500 / 35 seconds, ten in a tenth of a second', () => {
    for (let count = 0; count < 500; count += 1) wire.send('data');
    expect(wire.written).toHaveLength(10);
    wire.clock.advance(100);
    expect(wire.written).toHaveLength(20);
    wire.clock.advance(899);
    expect(wire.written).toHaveLength(35);
    wire.clock.advance(13_501);
    expect(wire.written).toHaveLength(500);
    expect(wire.gate.waiting).toBe(0);
  });

  it('puts data ahead of history, and history where no data waits', () => {
    for (let count = 0; count < 30; count += 1) wire.send('history');
    for (let count = 0; count < 30; count += 1) wire.send('data');
    wire.clock.advance(5_000);
    const lanes = wire.written.map(({ lane }) => lane);
    expect([lanes.slice(0, 10), lanes.slice(10, 40), lanes.slice(40)]).toEqual([
      Array(10).fill('history'),
      Array(30).fill('data'),
      Array(20).fill('history'),
    ]);
  });

  it('writes a group in one turn, also where it is larger than a burst', () => {
    for (let count = 0; count < 30; count += 1) wire.send('data');
    const group = wire.send('data', 20);
    for (let count = 0; count < 5; count += 1) wire.send('data');
    wire.clock.advance(4_000);
    const times = new Set(wire.written.filter(({ number }) => number === group).map(({ at }) => at));
    expect([times.size, wire.written.length]).toEqual([1, 55]);
    const first = wire.written.findIndex(({ number }) => number === group);
    expect(wire.written.slice(first, first + 20).every(({ number }) => number === group)).toBe(true);
  });

  it('refuses a group that no second can hold, and what cannot be encoded, without stopping', async () => {
    wire.send('data', 36);
    wire.send('order', 46);
    const fails = wire.gate.send({
      lane: 'data',
      write: () => {
        throw new Error('no such field');
      },
    });
    wire.send('data');
    expect(await fails).toBe('purged');
    expect([...wire.outcomes.values()]).toEqual(['purged', 'purged', 'written']);
  });

  it('4: purges what waits when the connection is lost, and writes nothing of it to the next one', async () => {
    for (let count = 0; count < 50; count += 1) wire.send('data');
    for (let count = 0; count < 60; count += 1) wire.send('order');
    wire.gate.close();
    const lost = wire.send('order');
    wire.clock.advance(10_000);
    wire.gate.open(wire.target);
    wire.clock.advance(10_000);
    await Promise.resolve();
    expect(wire.written).toHaveLength(45);
    expect(wire.outcomes.get(lost)).toBe('purged');
    expect([...wire.outcomes.values()].filter((outcome) => outcome === 'purged')).toHaveLength(66);
    expect([wire.outcomes.size, wire.clock.pendingCalls]).toEqual([111, 0]);
  });

  it('does not wait for a clock that was set back', () => {
    let now = wire.clock.nowUtc();
    wire.clock.nowUtc = () => now;
    for (let count = 0; count < 46; count += 1) wire.send('order');
    now -= 3_600_000;
    wire.send('order');
    expect(wire.written).toHaveLength(45);
    now += 1_000;
    wire.send('order');
    expect(wire.written).toHaveLength(48);
  });

  it('is safe when a write asks for another', () => {
    const order: string[] = [];
    void wire.gate.send({
      lane: 'order',
      write: () => {
        wire.target.messagesWritten += 1;
        void wire.gate.send({ lane: 'order', write: () => void order.push('inner') });
        order.push('outer');
      },
    });
    expect(order).toEqual(['outer', 'inner']);
  });
});

interface Step {
  readonly lane: Lane;
  readonly cost: number;
  readonly pauseMs: number;
}

describe('laws of OutboundGate', () => {
  const limits = fc
    .record({
      messagesPerSecond: fc.integer({ min: 2, max: 50 }),
      reservedForOrders: fc.integer({ min: 1, max: 49 }),
      burst: fc.integer({ min: 1, max: 50 }),
    })
    .filter((value) => value.reservedForOrders < value.messagesPerSecond);
  const steps = fc.array(
    fc.record<Step>({
      lane: fc.constantFrom('order', 'data', 'history'),
      cost: fc.integer({ min: 1, max: 6 }),
      pauseMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })),
    }),
    { minLength: 1, maxLength: 150 },
  );

  it('24: holds the limit in every second, keeps lanes in order, loses nothing, and lets orders go first', async () => {
    await fc.assert(
      fc.asyncProperty(limits, steps, async (chosen, script) => {
        const wire = new Wire(chosen);
        for (const { lane, cost, pauseMs } of script) {
          wire.send(lane, cost);
          wire.clock.advance(pauseMs);
        }
        wire.clock.advance(1_000_000);
        await Promise.resolve();
        expectLimit(wire.written, chosen.messagesPerSecond);
        expect(wire.overtaken).toEqual([]);
        for (const lane of ['order', 'data', 'history'] as const) {
          const numbers = wire.of(lane);
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        }
        expect(wire.outcomes.size).toBe(script.length);
        script.forEach(({ lane, cost }, index) => {
          const room =
            lane === 'order' ? chosen.messagesPerSecond : chosen.messagesPerSecond - chosen.reservedForOrders;
          const count = wire.written.filter(({ number }) => number === index + 1).length;
          expect([wire.outcomes.get(index + 1), count]).toEqual(cost <= room ? ['written', cost] : ['purged', 0]);
        });
      }),
      { numRuns: 60 },
    );
  });

  function expectLimit(written: readonly Written[], limit: number): void {
    for (let index = limit; index < written.length; index += 1) {
      expect(written[index]!.at - written[index - limit]!.at).toBeGreaterThanOrEqual(1_000);
    }
  }
});
