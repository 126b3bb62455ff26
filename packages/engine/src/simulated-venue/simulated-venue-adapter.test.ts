import { describe, expect, it } from '@jest/globals';
import { defineInstrument, SILENT_LOGGER } from '@bookrunner/sdk';
import { aCalendar, anOrder, aTick, FakeClock, RecordingVenueSink } from '@bookrunner/sdk/testing';
import { simulatedVenueContribution } from './contribution.js';
import { simulatedVenueOptions } from './options.js';
import { SimulatedVenueAdapter } from './simulated-venue-adapter.js';

const INSTRUMENT = defineInstrument({ symbol: 'ABC', assetClass: 'equity', quote: 'USD' });

function adapter(clock: FakeClock, options: object = {}): SimulatedVenueAdapter {
  return new SimulatedVenueAdapter(simulatedVenueOptions.parse({ fill: 'cross-spread', ...options }), {
    name: 'paper',
    clock,
    instruments: [INSTRUMENT],
    calendars: [aCalendar()],
  });
}

describe('SimulatedVenueAdapter', () => {
  it('is what the contribution makes', async () => {
    const clock = new FakeClock();
    const venue = simulatedVenueContribution.create({
      name: 'paper',
      options: simulatedVenueOptions.parse({}),
      clock,
      logger: SILENT_LOGGER,
      configDir: '.',
      dataDir: '.',
      instruments: new Map([['ABC', INSTRUMENT]]),
      calendar: () => aCalendar(),
    });
    const sink = new RecordingVenueSink();
    await venue.open(sink);
    expect(sink.statuses).toMatchObject([{ venue: 'paper', state: 'ready' }]);
    const outcome = await venue.submit([anOrder({ symbol: 'ABC', qty: 0.5 })]);
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'QUANTITY_NOT_LOT' });
  });

  it('tells accounts after what changes them, keeps time by its clock and leaves no timer behind', async () => {
    const clock = new FakeClock();
    const venue = adapter(clock, { initialCash: { USD: 1_000 }, latency: { submitMs: 100 } });
    const sink = new RecordingVenueSink();
    await venue.open(sink);
    const order = anOrder({ symbol: 'ABC', account: 'main', qty: 2, tif: 'GTC' });
    await venue.submit([order]);
    expect(clock.pendingCalls).toBe(1);
    clock.advance(100);
    venue.onBarOpen('ABC', 100);
    venue.onBarRange('ABC', { open: 100, high: 101, low: 99, close: 101, volume: 1 });
    venue.onTick(aTick({ symbol: 'XYZ' }));
    expect(sink.kinds(order.clientOrderId)).toEqual(['accepted', 'filled']);
    expect(sink.accounts).toMatchObject([{ account: 'main', cash: 800, equity: 1_000 }]);
    await venue.submit([anOrder({ symbol: 'ABC', account: 'main', qty: 2, tif: 'GTC' })]);
    await venue.close();
    expect(clock.pendingCalls).toBe(0);
  });

  it('reports a liquidation as a fill without an order', async () => {
    const clock = new FakeClock();
    const venue = adapter(clock, { initialCash: { USD: 100 }, margin: {} });
    const sink = new RecordingVenueSink();
    await venue.open(sink);
    const feed = (price: number): void => venue.onTick(aTick({ symbol: 'ABC', bid: price, ask: price, last: price }));
    feed(100);
    await venue.submit([anOrder({ symbol: 'ABC', account: 'main', side: 'sell', qty: 1, tif: 'GTC' })]);
    for (const price of [100, 180, 190]) feed(price);
    expect(sink.of('')).toMatchObject([{ kind: 'filled', fill: { orderId: '', side: 'buy', qty: 1, price: 190 } }]);
  });
});
