import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aContract, AAPL, aGateway, EURUSD, OPEN_TIME, SUNDAY } from '../gateway-bench.fixture.js';
import type { TestClient } from '../gateway-bench.fixture.js';
import type { BarRequest, TickRequest } from './history-request.js';
import type { WireBar } from '../../wire/messages.js';

function bars(client: TestClient, fields: Partial<BarRequest> = {}): readonly WireBar[] {
  client.clear();
  client.ask({
    kind: 'requestHistoricalData',
    requestId: 1,
    contract: AAPL,
    includeExpired: false,
    endDateTime: '',
    barSize: '1 min',
    duration: '1800 S',
    useRth: false,
    whatToShow: 'TRADES',
    formatDate: 2,
    keepUpToDate: false,
    ...fields,
  });
  return client.last('historicalData')?.bars ?? [];
}

function ticks(client: TestClient, fields: Partial<TickRequest>) {
  client.clear();
  client.ask({
    kind: 'requestHistoricalTicks',
    requestId: 2,
    contract: AAPL,
    startDateTime: '',
    endDateTime: '',
    count: 100,
    whatToShow: 'TRADES',
    useRth: false,
    ignoreSize: false,
    ...fields,
  });
}

const EXCHANGE = { hours: 'exchange' } as const;

/** What several bars come to as one. */
function together(parts: readonly WireBar[]): Omit<WireBar, 'date' | 'wap'> {
  return {
    open: parts[0]!.open,
    close: parts.at(-1)!.close,
    high: Math.max(...parts.map(({ high }) => high)),
    low: Math.min(...parts.map(({ low }) => low)),
    volume: parts.reduce((sum, { volume }) => sum + volume, 0),
    count: parts.reduce((sum, { count }) => sum + count, 0),
  };
}

describe('bars', () => {
  it('of any size come to the same as smaller ones over the same time', () => {
    const { client } = aGateway(EXCHANGE);
    const pairs = fc.constantFrom(
      ['5 secs', '1 min'],
      ['30 secs', '5 mins'],
      ['1 min', '1 hour'],
      ['5 mins', '1 day'],
      ['1 hour', '1 day'],
      ['1 day', '1 week'],
    );
    const day = fc.integer({ min: 1, max: 28 });
    fc.assert(
      fc.property(pairs, day, fc.boolean(), ([small, large], date, useRth) => {
        const isWeek = large === '1 week';
        const endDateTime = `202606${String(date).padStart(2, '0')} 18:00:00`;
        const duration = isWeek ? '3 W' : small === '5 secs' ? '3600 S' : '1 D';
        const whole = bars(client, { barSize: large!, duration, endDateTime, useRth });
        const parts = bars(client, { barSize: small!, duration, endDateTime, useRth });
        const total = together(whole);
        expect(together(parts)).toEqual({ ...total, volume: expect.closeTo(total.volume, 6) });
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('follow the session: first bar at the opening, none outside, days by their trading day', () => {
    const { client } = aGateway(EXCHANGE);
    const hours = bars(client, {
      barSize: '1 hour',
      duration: '1 D',
      endDateTime: '20260713 20:00:00',
      useRth: true,
      formatDate: 1,
    });
    expect(hours.map(({ date }) => date)).toEqual(
      ['09:30', '10:00', '11:00', '12:00', '13:00', '14:00', '15:00'].map((time) => `20260713 ${time}:00 US/Eastern`),
    );
    const days = bars(client, { barSize: '1 day', duration: '3 D', endDateTime: '20260713 20:00:00', useRth: true });
    expect(days.map(({ date }) => date)).toEqual(['20260709', '20260710', '20260713']);
    expect(bars(client, { barSize: '1 day', duration: '1 Y' }).length).toBeGreaterThan(245);
    expect(
      bars(client, { barSize: '1 month', duration: '3 M', useRth: true }).map(({ date }) => date.slice(0, 6)),
    ).toEqual(['202604', '202605', '202606', '202607']);
  }, 60_000);

  it('reach back over a weekend by seconds of trading', () => {
    const { client } = aGateway(EXCHANGE, SUNDAY);
    const found = bars(client, { barSize: '5 mins', duration: '3600 S', useRth: true, formatDate: 1 });
    expect(found).toHaveLength(12);
    expect(found.at(-1)?.date).toBe('20260710 15:55:00 US/Eastern');
  });

  it('take every form of the end time', () => {
    const { client } = aGateway(EXCHANGE);
    const ends = ['20260713 16:00:00', '20260713  16:00:00', '20260713 15:00:00 US/Central', '20260713-20:00:00'];
    const found = ends.map((endDateTime) => bars(client, { endDateTime }));
    expect(found[0]).toHaveLength(30);
    for (const other of found) expect(other).toEqual(found[0]);
    expect(client.last('historicalData')?.end).toBe('20260713 16:00:00 US/Eastern');
    bars(client, { endDateTime: 'yesterday' });
    expect(client.codes()).toEqual([10_314]);
  });

  it('of bids, asks and both lie around those of trades; of currencies they have no volume', () => {
    const { client } = aGateway(EXCHANGE);
    const [trade, bid, ask, both, middle] = ['TRADES', 'BID', 'ASK', 'BID_ASK', 'MIDPOINT'].map(
      (whatToShow) => bars(client, { whatToShow })[0]!,
    );
    expect(bid!.low).toBeLessThan(trade!.low);
    expect(ask!.high).toBeGreaterThan(trade!.high);
    expect(both).toMatchObject({ high: ask!.high, low: bid!.low });
    expect(middle!.open).toBeCloseTo((bid!.open + ask!.open) / 2, 8);
    expect(bars(client, { contract: EURUSD, whatToShow: 'MIDPOINT' })[0]).toMatchObject({
      volume: -1,
      wap: -1,
      count: -1,
    });
    const whole = bars(client, { whatToShow: 'BID_ASK', duration: '60 S', barSize: '1 min' })[0]!;
    expect(whole.open).toBeLessThan(whole.close);
  });

  it('are refused where there are none, and where they are wrongly asked for', () => {
    const { client } = aGateway(EXCHANGE);
    const codes = (fields: Partial<BarRequest>) => {
      bars(client, fields);
      return client.of('error').map(({ code, message }) => [code, message.split(':')[1]?.trim()] as const)[0];
    };
    expect(codes({ contract: EURUSD })?.[0]).toBe(162);
    expect(codes({ endDateTime: '20000101 00:00:00' })?.[1]).toBe('HMDS query returned no data');
    expect(codes({ barSize: '7 mins' })?.[0]).toBe(321);
    expect(codes({ duration: '1 X' })?.[0]).toBe(321);
    expect(codes({ whatToShow: 'NOTHING' })?.[0]).toBe(321);
    expect(codes({ barSize: '1 secs', duration: '10 D' })?.[1]).toBe('Time length exceed max.');
    expect(codes({ contract: aContract({ symbol: 'NONE' }) })?.[0]).toBe(200);
    const btc = aContract({ symbol: 'BTC', secType: 'CRYPTO', exchange: 'PAXOS' });
    expect(codes({ contract: btc })?.[0]).toBe(10_299);
    expect(bars(client, { contract: btc, whatToShow: 'AGGTRADES' })).not.toEqual([]);
  });
});

describe('history and live data', () => {
  it('agree: five-second bars seen live are those of history, before and after prices set by hand', () => {
    const { client, gateway, clock } = aGateway({ ticksPerSecond: 3 });
    client.ask({ kind: 'requestRealTimeBars', requestId: 5, contract: AAPL, whatToShow: 'TRADES', useRth: false });
    clock.advance(30_000);
    clock.advance(1234);
    gateway.trade('AAPL', 222, 7);
    clock.advance(2000);
    gateway.trade('AAPL', 223, 9);
    clock.advance(4000);
    gateway.letWalk('AAPL');
    clock.advance(22_766);
    const live = client.of('realTimeBar').filter(({ bar }) => bar.count > 0);
    const past = bars(client, { barSize: '5 secs', duration: '60 S' });
    gateway.close();
    const seen = live.map(({ epochSeconds, bar }) => ({ date: String(epochSeconds), ...bar }));
    expect(past.filter(({ date }) => Number(date) < clock.nowUtc() / 1000)).toEqual(seen);
    expect(past.map(({ high }) => high)).toContain(223);
  });

  it('agree: while a market stands still, or is halted, there are no bars', () => {
    const still = aGateway();
    still.clock.advance(600_000);
    const before = bars(still.client, { duration: '900 S' });
    expect(Number(before.at(-1)?.date)).toBe(OPEN_TIME / 1000);
    const { client, clock, gateway } = aGateway({ ticksPerSecond: 1 });
    gateway.halt('AAPL', 1);
    clock.advance(300_000);
    gateway.halt('AAPL', 0);
    clock.advance(120_000);
    gateway.close();
    const minutes = bars(client, { duration: '600 S' }).map(({ date }) => Number(date) - OPEN_TIME / 1000);
    expect(minutes).toEqual([-180, -120, -60, 300, 360, 420]);
  });

  it('agree: ticks seen live are those of history', () => {
    const { client, clock, gateway } = aGateway({ ticksPerSecond: 2 });
    client.ask({
      kind: 'requestTickByTick',
      requestId: 3,
      contract: AAPL,
      tickType: 'Last',
      count: 0,
      ignoreSize: false,
    });
    clock.advance(20_000);
    const live = client.of('tickByTickLast').map(({ epochSeconds, price, size }) => ({ epochSeconds, price, size }));
    ticks(client, { startDateTime: '20260714 10:00:00', count: 1000 });
    gateway.close();
    const past = client
      .last('historicalTicksLast')!
      .ticks.map(({ epochSeconds, price, size }) => ({ epochSeconds, price, size }));
    expect(live).toHaveLength(40);
    // History has the tick of the first instant too.
    expect(past.slice(1)).toEqual(live);
  });

  it('keep bars up to date, tick by tick, into the next bar', () => {
    const { client, gateway, clock } = aGateway();
    bars(client, { keepUpToDate: true });
    gateway.trade('AAPL', 150, 10);
    expect(client.last('historicalDataUpdate')?.bar).toMatchObject({ high: 150, low: 150, count: 1, volume: 10 });
    gateway.trade('AAPL', 151, 10);
    expect(client.last('historicalDataUpdate')?.bar).toMatchObject({ open: 150, close: 151, count: 2 });
    clock.advance(60_000);
    gateway.trade('AAPL', 149, 1);
    expect(client.last('historicalDataUpdate')?.bar).toMatchObject({
      date: String(OPEN_TIME / 1000 + 60),
      open: 149,
      count: 1,
    });
    client.ask({ kind: 'cancelHistoricalData', requestId: 1 });
    expect(client.last('error')).toMatchObject({ code: 162, message: expect.stringContaining('cancelled: 1') });
    client.ask({ kind: 'cancelHistoricalData', requestId: 1 });
    expect(client.codes()).toEqual([162, 366]);
  });

  it('let updates die, silently or with their 10182', () => {
    const { client, gateway } = aGateway();
    bars(client, { keepUpToDate: true });
    gateway.knobs.silenceBars();
    gateway.trade('AAPL', 150, 10);
    expect(client.of('historicalDataUpdate')).toEqual([]);
    bars(client, { keepUpToDate: true });
    gateway.knobs.failBars();
    gateway.trade('AAPL', 150, 10);
    expect(client.story()).toEqual(['historicalData', 'error 10182']);
  });

  it('takes its time where told to, and can be cancelled meanwhile', () => {
    const { client, clock } = aGateway({ historyMs: 500 });
    expect(bars(client)).toEqual([]);
    client.ask({ kind: 'cancelHistoricalData', requestId: 1 });
    clock.advance(500);
    expect(client.story()).toEqual(['error 162']);
    bars(client, { keepUpToDate: true });
    clock.advance(500);
    expect(client.story()).toEqual(['historicalData']);
  });
});

describe('pacing', () => {
  it('refuses the same within 15 s, six of one series in 2 s, and more than 60 in ten minutes', () => {
    const { client, clock } = aGateway({ historyPacing: 'all' });
    const isPaced = (fields: Partial<BarRequest>): boolean => {
      bars(client, fields);
      return client.of('error').some(({ message }) => message.includes('pacing violation'));
    };
    expect([isPaced({}), isPaced({})]).toEqual([false, true]);
    clock.advance(15_001);
    expect(isPaced({})).toBe(false);
    const inShort = [1, 2, 3, 4, 5].map((n) => isPaced({ duration: `${n * 60} S` }));
    expect(inShort).toEqual([false, false, false, false, true]);
    let before = 0;
    clock.advance(600_000);
    for (let n = 1; n <= 80 && !isPaced({ duration: `${n * 60} S`, whatToShow: 'BID_ASK' }); n += 1) {
      before += 1;
      clock.advance(1000);
    }
    expect(before).toBe(30);
  });

  it('knows small bars and ticks alone, or nothing', () => {
    const small = aGateway({ historyPacing: 'small-bars' }).client;
    bars(small);
    bars(small);
    expect(small.codes()).toEqual([]);
    bars(small, { barSize: '5 secs' });
    bars(small, { barSize: '5 secs' });
    expect(small.codes()).toEqual([162]);
    const { client } = aGateway();
    for (let n = 0; n < 10; n += 1) bars(client, { barSize: '5 secs' });
    expect(client.codes()).toEqual([]);
  });
});

describe('historical ticks', () => {
  it('tell the last second whole: forwards, and backwards', () => {
    const { client } = aGateway({ ticksPerSecond: 4, hours: 'exchange' });
    ticks(client, { startDateTime: '20260713 10:00:00', count: 10 });
    const forward = client.last('historicalTicksLast')!;
    expect(forward.ticks).toHaveLength(12);
    expect(forward.done).toBe(true);
    ticks(client, { endDateTime: '20260713 10:00:03', count: 10 });
    const backward = client.last('historicalTicksLast')!;
    expect(backward.ticks).toEqual(forward.ticks);
  });

  it('have all kinds, skip the night, and are checked', () => {
    const { client } = aGateway({ hours: 'exchange' });
    ticks(client, { endDateTime: '20260713 03:00:00', whatToShow: 'BID_ASK', useRth: true });
    const quotes = client.last('historicalTicksBidAsk')!.ticks;
    expect(quotes).toHaveLength(100);
    expect(quotes.at(-1)!.epochSeconds).toBe(Date.UTC(2026, 6, 10, 20) / 1000 - 1);
    ticks(client, { startDateTime: '20260713 10:00:00', whatToShow: 'MIDPOINT' });
    expect(client.last('historicalTicks')!.ticks[0]).toMatchObject({ size: 0 });
    for (const wrong of [
      {},
      { count: 2000 },
      { startDateTime: 'x' },
      { whatToShow: 'BID' },
      { endDateTime: '20260101 10:00:00' },
    ]) {
      ticks(client, {
        startDateTime: '20260713 10:00:00',
        ...wrong,
        ...(Object.keys(wrong).length === 0 ? { startDateTime: '' } : {}),
      });
      expect(client.of('error')).toHaveLength(1);
    }
    ticks(client, { startDateTime: '20300101 10:00:00' });
    expect(client.last('historicalTicksLast')?.ticks).toEqual([]);
  });

  it('have a beginning', () => {
    const { client } = aGateway();
    for (const formatDate of [1, 2])
      client.ask({
        kind: 'requestHeadTimestamp',
        requestId: 1,
        contract: AAPL,
        useRth: true,
        whatToShow: 'TRADES',
        formatDate,
      });
    expect(client.of('headTimestamp').map(({ timestamp }) => timestamp)).toEqual(['20040123-14:30:00', '1074868200']);
  });
});
