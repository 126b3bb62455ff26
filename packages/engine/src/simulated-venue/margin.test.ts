import { describe, expect, it } from '@jest/globals';
import { VenueBench, stock } from './venue-bench.fixture.js';

const HALF = { instruments: [stock({ marginRate: 0.5 })] };

function bench(cash: number, margin: object = {}): VenueBench {
  const made = new VenueBench(
    { margin },
    { ...HALF, setup: { accounts: [{ name: 'main', currency: 'USD', cash: { USD: cash } }] } },
  );
  made.bar(100, 100, 100, 100);
  return made;
}

describe('margin at submit', () => {
  it('counts the worst case of position and working orders', () => {
    const made = bench(10_000);
    made.submit({ qty: 100 });
    made.submit({ qty: 100, type: 'limit', limit: 90 });
    made.submit({ qty: 1 });
    made.submit({ qty: 200, side: 'sell' });
    made.submit({ qty: 1, side: 'sell' });
    expect(made.take().map((line) => [line.order, line.reason])).toEqual([
      [3, 'INSUFFICIENT_MARGIN'],
      [5, 'INSUFFICIENT_MARGIN'],
    ]);
  });

  it('counts an OCO group once, a child not before it works, and lets exits pass', () => {
    const made = bench(5_000);
    made.submit({ qty: 100 }, { side: 'sell', type: 'stop', stop: 90, parent: 1 });
    made.bar(100, 100, 100, 100);
    made.submit({ side: 'sell', type: 'limit', limit: 120, oco: 9 }, { side: 'sell', type: 'stop', stop: 80, oco: 9 });
    made.submit({ side: 'sell', qty: 100, purpose: 'exit' });
    expect(made.take().filter((line) => line.kind === 'rejected')).toEqual([]);
  });

  it('counts the members of an OCO group once, where they trade in one direction', () => {
    const made = bench(5_000);
    made.submit({ type: 'limit', limit: 90, oco: 9 }, { type: 'stop', stop: 110, oco: 9 });
    made.submit({ qty: 1 });
    expect(made.take().map((line) => [line.order, line.reason])).toEqual([[3, 'INSUFFICIENT_MARGIN']]);
  });

  it('rejects a group whole and leaves nothing of it', () => {
    const made = bench(5_000);
    made.submit(
      { qty: 101 },
      { side: 'sell', type: 'stop', stop: 90, parent: 1, oco: 9 },
      { side: 'sell', type: 'limit', limit: 110, parent: 1, oco: 9 },
    );
    expect(made.listener.take().map((line) => [line.kind, line.reason])).toEqual(
      Array(3).fill(['rejected', 'INSUFFICIENT_MARGIN']),
    );
    made.submit({ qty: 100 });
    made.bar(100, 120, 80, 100);
    expect(made.fills()).toEqual(['4: 100 @ 100']);
  });

  it('checks a replace that asks for more', () => {
    const made = bench(5_000);
    const [order] = made.submit({ qty: 60, type: 'limit', limit: 90 });
    made.venue.replace(order!, { qty: 101 }, made.now);
    made.venue.replace(order!, { qty: 100 }, made.now);
    expect(made.take().map((line) => [line.kind, line.reason ?? line.qty])).toEqual([
      ['replace-rejected', 'INSUFFICIENT_MARGIN'],
      ['replaced', 100],
    ]);
  });

  it('cannot judge an entry before a price', () => {
    const made = new VenueBench({ margin: {}, initialCash: { USD: 1_000 } });
    made.submit({});
    expect(made.take()).toEqual([expect.objectContaining({ reason: 'PRICE_UNKNOWN' })]);
  });
});

describe('margin call', () => {
  it('cancels all orders and closes the positions at the next price', () => {
    const made = bench(5_000);
    made.submit({ qty: 100 });
    made.bar(100, 100, 100, 100);
    made.submit({ side: 'sell', type: 'stop', stop: 50, purpose: 'protection' });
    made.take();
    // Equity 1,500 is below 75 percent of the margin of 3,250.
    made.bar(65, 65, 65, 65);
    expect(made.take()).toEqual([expect.objectContaining({ kind: 'cancelled', order: 2, reason: 'MARGIN_CALL' })]);
    made.submit({ side: 'sell', purpose: 'kill' });
    made.bar(64, 64, 64, 64);
    made.submit({ qty: 10 });
    made.bar(64, 64, 64, 64);
    expect(made.take()).toEqual([
      expect.objectContaining({ kind: 'rejected', order: 3, reason: 'MARGIN_CALL' }),
      expect.objectContaining({ kind: 'liquidated', qty: -100, price: 64, leaves: 0 }),
      expect.objectContaining({ kind: 'filled', order: 4, price: 64 }),
    ]);
    const snapshot = made.venue.snapshot(made.now);
    expect(snapshot.accounts.items[0]!.equity).toBe(5_000 - 3_600);
    expect(snapshot.executions.items[1]).toMatchObject({ orderId: '', side: 'sell', qty: 100, price: 64 });
  });

  it('only cancels entries where the options say so', () => {
    const made = bench(5_000, { onCall: 'cancel-entries' });
    made.submit({ qty: 90 });
    made.bar(100, 100, 100, 100);
    made.submit({ side: 'sell', qty: 90, type: 'stop', stop: 50, purpose: 'protection' });
    made.submit({ qty: 5, type: 'limit', limit: 10 });
    made.take();
    made.bar(60, 60, 60, 60);
    made.bar(60, 60, 60, 60);
    expect(made.take()).toEqual([expect.objectContaining({ kind: 'cancelled', order: 3, reason: 'MARGIN_CALL' })]);
  });

  it('survives a restart', () => {
    const made = bench(5_000);
    made.submit({ qty: 100 });
    made.bar(100, 100, 100, 65);
    made.take();
    made.restart();
    made.bar(64, 64, 64, 64);
    expect(made.take()).toEqual([expect.objectContaining({ kind: 'liquidated', qty: -100 })]);
  });
});
