import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OrderRateCounter } from './order-rate-counter.js';

/** More than half of what the ring has room for at first, and few enough that a course does not come to 4,096 a minute. */
const MANY = 40;
/** Time passes, then an order or many go out, somebody asks, or the counter is saved and loaded. */
const moves = fc.array(
  fc.record({
    ms: fc.oneof(fc.nat(1_500), fc.constantFrom(0, 999, 1_000, 1_001, 59_999, 60_000, 60_001)),
    what: fc.constantFrom('send', 'send', 'send many', 'ask second', 'ask minute', 'restart'),
  }),
  { maxLength: 100 },
);

/** After 1970, and before it: a ring holds zeros where it holds nothing. */
const starts = fc.constantFrom(0, -2e11);

describe('the counter of the order rate', () => {
  it('counts what was sent less than a second and less than a minute ago', () => {
    fc.assert(
      fc.property(moves, starts, (items, start) => {
        let counter = new OrderRateCounter();
        const sent: number[] = [];
        let now = start;
        for (const { ms, what } of items) {
          now += ms;
          if (what.startsWith('send')) {
            const orders = what === 'send' ? 1 : MANY;
            counter.add(now, orders);
            for (let i = 0; i < orders; i++) sent.push(now);
          } else if (what === 'ask second') {
            expect(counter.lastSecond(now)).toBe(sent.filter((at) => at > now - 1_000).length);
          } else if (what === 'ask minute') {
            expect(counter.lastMinute(now)).toBe(sent.filter((at) => at > now - 60_000).length);
          } else {
            const next = new OrderRateCounter();
            next.load(counter.save());
            counter = next;
          }
        }
      }),
    );
  });

  it('saves the same whatever was asked', () => {
    fc.assert(
      fc.property(moves, (items) => {
        const [asked, left] = [new OrderRateCounter(), new OrderRateCounter()];
        let now = 0;
        for (const { ms, what } of items) {
          now += ms;
          if (what.startsWith('send'))
            for (const counter of [asked, left]) counter.add(now, what === 'send' ? 1 : MANY);
          else if (what === 'ask second') asked.lastSecond(now);
          else asked.lastMinute(now);
          expect(asked.save()).toEqual(left.save());
        }
      }),
    );
  });

  it('counts the second although only the minute was asked for', () => {
    const counter = new OrderRateCounter();
    for (let at = 0; at < 4_100 * 50; at += 50) {
      counter.add(at);
      counter.lastMinute(at);
    }
    expect(counter.lastSecond(4_099 * 50)).toBe(20);
  });

  it('forgets the oldest beyond what it holds, asked or not', () => {
    const counter = new OrderRateCounter();
    for (let at = 0; at < 10_000; at += 1) counter.add(at / 100);
    expect([counter.lastSecond(99.99), counter.lastMinute(99.99)]).toEqual([4_096, 4_096]);
    expect(counter.save()).toHaveLength(4_096);
    counter.add(70_000);
    expect([counter.lastSecond(70_000), counter.lastMinute(70_000)]).toEqual([1, 1]);
  });
});
