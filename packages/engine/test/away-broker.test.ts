// What a session knows of a broker that is away when it begins: the terms of the last session, and whether they still hold when it joins.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type Instrument, TradingError } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { composeEngine } from '../src/composition-root.js';
import { loadConfig } from '../src/config/index.js';
import { journalPath } from '../src/journal/journal-file.js';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { lastTerms } from '../src/journal/last-terms.js';
import { plainSum } from '../src/journal/block-sum.js';
import { decodeHeader, encodeHeader } from '../src/journal/segment-header.js';
import type { AwayParts, PartName } from '../src/runtime/live/away-parts.js';
import { LiveBrokers } from '../src/runtime/live/live-brokers.js';
import type { LiveMarket } from '../src/runtime/live/live-market.js';
import type { Assembly } from '../src/runtime/assemble.js';
import type { InstrumentTerms } from '../src/runtime/brokers/broker-instruments.js';
import type { BrokerLine } from '../src/runtime/brokers/broker-line.js';
import type { Brokers } from '../src/runtime/brokers/brokers.js';
import { BROKER, brokerYaml, LiveBench, twoBrokersYaml } from './live-bench.fixture.js';
import { newProject, NOON, removeProjects } from './live-session.fixture.js';

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
    expect(termsAfter(await finished(finer)).terms?.get('EURUSD')).toMatchObject({ priceStep: 0.000_005 });
    expect(termsAfter(await finished()).terms?.get('EURUSD')).toEqual({});
  });

  it('are unknown without a session, and for a symbol it did not have', async () => {
    const bench = await finished(finer);
    expect(termsAfter(bench, ['EURUSD', 'GBPUSD'])).toEqual({ why: 'The last session did not have GBPUSD.' });
    const { engine } = bench;
    const fresh = { dataDir: bench.project.path('nothing'), driver: DRIVER, name: 'live-test', mode: 'live' } as const;
    expect(lastTerms({ ...fresh, engine, symbols: [] })).toEqual({
      why: 'There is no session that can be gone on from.',
    });
  });

  it('are not asked for where an instrument is declared otherwise now: what the session left would mean something else', async () => {
    const bench = await finished(finer);
    const { prepared } = bench.engine;
    const EURUSD = { ...prepared.config.instruments['EURUSD'], lotStep: 500 } as Instrument;
    const config = { ...prepared.config, instruments: { EURUSD } };
    const changed = { ...bench.engine, prepared: { ...prepared, config } };
    expect(() => termsAfter(bench, ['EURUSD'], changed)).toThrow(
      expect.objectContaining({
        code: 'JOURNAL_RESTART_CHANGED',
        message: expect.stringContaining("Instrument 'EURUSD' has changed"),
      }),
    );
  });

  it('are unknown where its engine.yaml cannot be read any more', async () => {
    const bench = await finished(finer);
    const raw = new DRIVER(journalPath(bench.project.dataDir));
    const { header } = raw.prepare('SELECT header FROM segments').get() as { readonly header: Uint8Array };
    const damaged = encodeHeader({ ...decodeHeader(header), config: 'engine: { name: [' });
    raw.prepare('UPDATE segments SET header = ?, header_sum = ?').run(damaged, plainSum(damaged));
    raw.close();
    expect(termsAfter(bench)).toEqual({ why: 'The engine.yaml of the last session cannot be read.' });
  });
});

describe('instruments of a broker that is away', () => {
  const TERMS = { priceStep: 0.000_005, priceDecimals: 6 };

  function brokersOf({ brokers, engine }: LiveBench, away: Partial<AwayParts>) {
    const live = new LiveBrokers({
      ...{ brokers, engine, onNotice: () => {}, onFault: () => {} },
      away: { termsOf: () => TERMS, answerMs: (_, longestMs) => longestMs, ...away } as AwayParts,
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

  it('have scales no coarser than those of the last session, which holds what may not fit on others', async () => {
    const bench = await finished();
    const fine = { priceStep: 0.000_005, priceDecimals: 9, quantityDecimals: 4 };
    const { live, declared } = brokersOf(bench, { isAway: () => false, termsOf: () => fine });
    const { instrument, terms } = await live.resolve(declared);
    expect(instrument).toMatchObject({ priceStep: 0.000_01, priceDecimals: 9, quantityDecimals: 4 });
    expect(terms).toEqual({ priceDecimals: 9, quantityDecimals: 4 });
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

const AWAY = new TradingError('DESK_BUSY', 'ask later', { severity: 'retryable', remedy: '' });

describe('two brokers that trade a symbol', () => {
  /** Each line answers with a lot of its own; the last session came to a third one. */
  async function both(
    gone: string,
    lots: { readonly ib: number; readonly other: number } = { ib: 500, other: 250 },
    last: InstrumentTerms = { lotStep: 100, priceStep: 0.000_005 },
  ) {
    const project = newProject(twoBrokersYaml('guarded'), { 'broker.mjs': BROKER });
    const log = { level: 'silent', format: 'json', write: () => {} } as const;
    const clock = new FakeClock(NOON);
    const engine = await composeEngine({ config: loadConfig(project.configPath, {}), mode: 'live', log, clock });
    const said: { ib: number | undefined; other: number | undefined } = { ...lots };
    const asked: string[] = [];
    const lineOf = (name: 'ib' | 'other') =>
      ({
        ...{ name, join: (check: () => Promise<void>) => check() },
        venue: {
          resolve: (instrument: Instrument) => {
            asked.push(name);
            const lotStep = said[name];
            return lotStep === undefined ? Promise.reject(AWAY) : Promise.resolve({ ...instrument, lotStep });
          },
        },
      }) as unknown as BrokerLine;
    const live = new LiveBrokers({
      ...{ engine, onNotice: () => {}, onFault: () => {} },
      brokers: { lines: [lineOf('ib'), lineOf('other')], connect: () => {} } as unknown as Brokers,
      away: {
        termsOf: () => last,
        answerMs: (_part: PartName, longestMs: number) => longestMs,
        isAway: ({ name }: PartName) => name === gone,
      } as unknown as AwayParts,
    });
    const resolved = await live.resolve(engine.prepared.config.instruments['EURUSD'] as Instrument);
    const { instrument } = resolved;
    const assembly = { kernel: { setup: { instruments: [{ instrument }] }, parts: { scopes: { books: [] } } } };
    live.connect(assembly as unknown as Assembly, { take: () => {} } as unknown as LiveMarket);
    asked.length = 0;
    const { signal } = new AbortController();
    return { asked, instrument, join: (name: string) => live.join(name, signal), said };
  }

  it.each([
    ['ib', 250],
    ['other', 100],
    ['', 250],
  ])('have their words in order, of one that is away as of the last session, without %p', async (gone, lotStep) => {
    const { instrument } = await both(gone);
    expect(instrument).toMatchObject({ lotStep, priceStep: gone === '' ? 0.000_01 : 0.000_005 });
  });

  it('join each on the terms of both', async () => {
    const first = await both('ib');
    await expect(first.join('ib')).resolves.toBeUndefined();
    const second = await both('other', { ib: 500, other: 100 });
    await expect(second.join('other')).resolves.toBeUndefined();
  });

  it('have the word of one that is away also where that was what engine.yaml says', async () => {
    const { instrument, join } = await both('other', { ib: 500, other: 1_000 }, {});
    expect(instrument.lotStep).toBe(1_000);
    await expect(join('other')).resolves.toBeUndefined();
  });

  it('do not let one join whose steps the scales of the run would round, whatever the other says', async () => {
    const { join, said } = await both('ib', { ib: 1_000, other: 1_000 });
    said.ib = 0.000_1;
    await expect(join('ib')).rejects.toMatchObject({
      ...{ code: 'BROKER_INSTRUMENT_CHANGED', message: expect.stringContaining('lotStep is 0.0001 now') },
    });
    // Finer ones that fit are the other's to decide.
    said.ib = 0.5;
    await expect(join('ib')).resolves.toBeUndefined();
  });

  it('begin where the scales of the last session do not go with the steps of this one', async () => {
    const { instrument } = await both('', { ib: 1_000, other: 1_000 }, { priceDecimals: 9, quantityDecimals: 11 });
    expect(instrument.quantityDecimals).toBeLessThan(11);
  });

  it('do not ask one for the other where that has nothing to say, nor fail with it', async () => {
    const same = await both('ib', { ib: 250, other: 250 });
    await same.join('ib');
    expect(same.asked).toEqual(['ib']);
    const lost = await both('ib');
    lost.said.other = undefined;
    await expect(lost.join('ib')).resolves.toBeUndefined();
  });

  it('are not blamed for what the other says', async () => {
    const { join, said } = await both('ib');
    said.other = 125;
    await expect(join('ib')).resolves.toBeUndefined();
    await expect(join('other')).rejects.toMatchObject({ code: 'BROKER_INSTRUMENT_CHANGED' });
  });
});
