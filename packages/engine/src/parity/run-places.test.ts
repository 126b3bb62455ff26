import { describe, expect, it } from '@jest/globals';
import type { JournalRecord } from '../journal/journal-record.js';
import type { RunFacts } from '../journal/segment-header.js';
import { RunPlaces, sideInstruments } from './run-places.js';

const minutes = (count: number) => ({ use: 'time', options: { seconds: count * 60 } }) as const;
const made: RunFacts['instruments'] = [{ symbol: 'A' }, { symbol: 'B', bars: minutes(1) }, { symbol: 'C' }];
const plan = {
  streams: [
    { instrumentIndex: 1, source: 'feed', spec: minutes(1) },
    { instrumentIndex: 0, source: 'ticks', spec: minutes(1) },
    { instrumentIndex: 0, source: 'ticks', spec: minutes(5) },
    { instrumentIndex: 2, source: 'ticks', spec: minutes(5) },
    { instrumentIndex: 1, source: 'bars', spec: minutes(5) },
  ],
} as never;

function placesOf(...instruments: RunFacts['instruments']): RunPlaces {
  return new RunPlaces({ instruments, config: 'strategies: {}' } as unknown as RunFacts, { made, plan });
}

function tick(instrumentIndex: number): JournalRecord {
  return { kind: 'tick', tick: { instrumentIndex }, isForVenue: true, isForKernel: true } as unknown as JournalRecord;
}

function bar(streamIndex: number): JournalRecord {
  return { kind: 'event', event: { kind: 'bar', streamIndex } } as unknown as JournalRecord;
}

describe('instruments and streams of a session', () => {
  it('are those of their symbols in the backtest', () => {
    const places = placesOf({ symbol: 'C' }, { symbol: 'A' }, { symbol: 'B', bars: minutes(1) });
    expect(places.translate(tick(0))).toMatchObject({ tick: { instrumentIndex: 2 } });
    expect(places.translate(tick(1))).toMatchObject({ tick: { instrumentIndex: 0 } });
    expect(places.translate(bar(0))).toMatchObject({ event: { streamIndex: 0 } });
    const open = { kind: 'bar-open', instrumentIndex: 2, open: 1, at: 5 } as const;
    expect(places.translate(open)).toEqual({ ...open, instrumentIndex: 1 });
    const split = { kind: 'corporate-action', at: 5, instrumentIndex: 0, numerator: 2, denominator: 1 } as const;
    expect(places.translate({ kind: 'event', event: split })).toMatchObject({ event: { instrumentIndex: 2 } });
    expect(places.otherKind).toEqual([]);
  });

  it('are those of their bars, also of those that are made of ticks and come from history', () => {
    const strategy = (symbols: string, ...lengths: readonly number[]): string =>
      `{ symbols: [${symbols}], bars: [${lengths.map((count) => `{ use: time, options: { seconds: ${count * 60} } }`).join(', ')}] }`;
    const config = `strategies: { late: ${strategy('C, A', 5)}, first: ${strategy('A, B', 1, 5)}, gone: ${strategy('A', 60)} }`;
    const instruments = [{ symbol: 'C' }, { symbol: 'A' }, { symbol: 'B', bars: minutes(1) }];
    const places = new RunPlaces({ instruments, config } as unknown as RunFacts, { made, plan });
    // B of a minute; C and A of five; A of a minute; B of five; A of an hour, which the backtest has not.
    const found = [0, 1, 2, 3, 4, 5].map((index) => places.translate(bar(index)));
    expect(found).toMatchObject(
      [0, 3, 2, 1, 4].map((streamIndex) => ({ event: { streamIndex } })).concat([undefined as never]),
    );
  });

  it('have no rows in the backtest where it has not the symbol, or has it from other rows', () => {
    const places = placesOf(
      { symbol: 'A', bars: minutes(1) },
      { symbol: 'B', bars: minutes(5) },
      { symbol: 'C', bars: minutes(1) },
      { symbol: 'D' },
    );
    expect([0, 1, 2, 3, 4].map((index) => places.translate(tick(index)))).toEqual(Array(5).fill(undefined));
    expect([0, 1, 2, 3].map((index) => places.translate(bar(index)))).toEqual(Array(4).fill(undefined));
    expect(places.otherKind).toEqual(['A', 'B', 'C']);
  });
});

describe('instruments of the orders of a session', () => {
  it('count as its broker has it', () => {
    const config =
      'instruments: { A: { assetClass: equity, quote: USD, priceStep: 0.01, lotStep: 1, quantityDecimals: 0, priceDecimals: 2, calendar: 24x7 } }';
    const facts = (terms?: { readonly lotStep: number; readonly quantityDecimals: number }): RunFacts =>
      ({ config, instruments: [{ symbol: 'A', ...(terms && { terms }) }] }) as unknown as RunFacts;
    expect(sideInstruments(facts())).toEqual([{ symbol: 'A', quantityDecimals: 0 }]);
    expect(sideInstruments(facts({ lotStep: 0.01, quantityDecimals: 2 }))).toEqual([
      { symbol: 'A', quantityDecimals: 2 },
    ]);
  });
});
