// What a session knows of a broker that is away when it begins: the terms of the last session, and whether they still hold when it joins.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type Instrument, TradingError } from '@bookrunner/sdk';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { lastTerms } from '../src/journal/last-terms.js';
import type { AwayParts } from '../src/runtime/live/away-parts.js';
import { LiveBrokers } from '../src/runtime/live/live-brokers.js';
import type { LiveMarket } from '../src/runtime/live/live-market.js';
import { brokerYaml, LiveBench } from './live-bench.fixture.js';
import { removeProjects } from './live-session.fixture.js';

jest.setTimeout(60_000);
afterEach(removeProjects);

const finer = (venue: LiveBench['venue']): void => {
  venue.resolve = (instrument) => Promise.resolve({ ...instrument, priceStep: 0.000_005 });
};

async function finished(prepare?: typeof finer): Promise<LiveBench> {
  const bench = await LiveBench.begin(brokerYaml('guarded'), prepare && { prepare });
  await bench.bar();
  await bench.finish();
  return bench;
}

function termsAfter({ project: { dataDir }, engine }: LiveBench, symbols = ['EURUSD'], next = engine) {
  return lastTerms({ dataDir, driver: DRIVER, name: 'live-test', mode: 'live', engine: next, symbols });
}

describe('the terms of the last session', () => {
  it('are what its brokers said; none where engine.yaml was followed', async () => {
    expect(termsAfter(await finished(finer))?.get('EURUSD')).toMatchObject({ priceStep: 0.000_005 });
    expect(termsAfter(await finished())?.get('EURUSD')).toEqual({});
  });

  it('are unknown without a session, for a symbol it did not have, and for one that is declared otherwise now', async () => {
    const bench = await finished(finer);
    expect(termsAfter(bench, ['EURUSD', 'GBPUSD'])).toBeUndefined();
    const { prepared } = bench.engine;
    const EURUSD = { ...prepared.config.instruments['EURUSD'], lotStep: 500 } as Instrument;
    const config = { ...prepared.config, instruments: { EURUSD } };
    const changed = { ...bench.engine, prepared: { ...prepared, config } };
    expect(termsAfter(bench, ['EURUSD'], changed)).toBeUndefined();
    const { engine } = bench;
    const fresh = { dataDir: bench.project.path('nothing'), driver: DRIVER, name: 'live-test', mode: 'live' } as const;
    expect(lastTerms({ ...fresh, engine, symbols: [] })).toBeUndefined();
  });
});

describe('instruments of a broker that is away', () => {
  const TERMS = { priceStep: 0.000_005, priceDecimals: 6 };

  function brokersOf({ brokers, engine }: LiveBench, away: Partial<AwayParts>) {
    const live = new LiveBrokers({
      ...{ brokers, engine, onNotice: () => {}, onFault: () => {} },
      away: { termsOf: () => TERMS, ...away } as AwayParts,
    });
    return { live, declared: engine.prepared.config.instruments['EURUSD'] as Instrument };
  }

  it('are those of the last session, also where it is given up once it is asked', async () => {
    const bench = await finished();
    const gone = brokersOf(bench, { isAway: () => true });
    expect(await gone.live.resolve(gone.declared)).toMatchObject({ terms: { priceStep: 0.000_005 } });
    const failure = new TradingError('DESK_BUSY', 'ask later', { severity: 'retryable', remedy: '' });
    bench.venue.resolve = () => Promise.reject(failure);
    const taken: unknown[] = [];
    const take: AwayParts['take'] = (part, error) => taken.push([part, error]) > 0;
    const busy = brokersOf(bench, { isAway: () => taken.length > 0, take });
    expect(await busy.live.resolve(busy.declared)).toMatchObject({ instrument: { priceStep: 0.000_005 } });
    expect(taken).toEqual([
      [{ kind: 'venue', name: 'ib' }, expect.objectContaining({ code: 'BROKER_INSTRUMENT_UNTOLD' })],
    ]);
    const needed = brokersOf(bench, { isAway: () => false, take: () => false });
    await expect(needed.live.resolve(needed.declared)).rejects.toMatchObject({ code: 'BROKER_INSTRUMENT_UNTOLD' });
  });

  it('have to be the same when it joins', async () => {
    const bench = await LiveBench.begin(brokerYaml('guarded'));
    const { live } = brokersOf(bench, {});
    live.connect(bench.assembly, { take: () => {} } as unknown as LiveMarket);
    finer(bench.venue);
    const { signal } = new AbortController();
    await expect(live.join('ib', signal)).rejects.toMatchObject({
      code: 'BROKER_INSTRUMENT_CHANGED',
      message: expect.stringContaining(
        "Venue 'ib' trades EURUSD on other terms than this session: priceStep is 0.000005 now",
      ),
    });
    bench.venue.resolve = (instrument) => Promise.resolve(instrument);
    await expect(live.join('ib', signal)).resolves.toBeUndefined();
    await bench.finish();
  });
});
