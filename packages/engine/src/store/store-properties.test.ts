// Whatever a row may hold comes back exactly, from both databases, through the store and through TypeORM's own repositories.
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LIQUIDITIES, SIDES } from '../recorder/record-names.js';
import { DatabaseBackend } from './database-backend.js';
import { describeDatabases } from './databases.fixture.js';
import { databaseTarget } from './open-store.js';
import { aBar, aCommand, aFill, aTick } from './rows.fixture.js';
import type { StoredBar, StoredTick } from './market-rows.js';
import type { StoredCommand, StoredFill } from './trading-rows.js';

const NAME = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((text) => text.replaceAll('\0', '').slice(0, 128))
  .filter((text) => !/\p{Surrogate}/u.test(text));
const TEXT = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text));
const DECIMAL = fc
  .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.stringMatching(/^(\d{0,30}[1-9])?$/))
  .map(([whole, fraction]) => (fraction === '' ? `${whole}` : `${whole}.${fraction}`));
const MAYBE_DECIMAL = fc.option(DECIMAL, { nil: null });
const WHOLE = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const INSTANT = fc.integer({ min: -8.64e15, max: 8.64e15 });
/** Finite doubles but minus zero, which is stored as zero. */
const FINITE = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const OR_NAN = fc.oneof(FINITE, fc.constant(Number.NaN));

const FILL: fc.Arbitrary<StoredFill> = fc
  .record({
    account: NAME,
    executionId: NAME,
    orderId: NAME,
    ts: INSTANT,
    sequence: WHOLE,
    symbol: NAME,
    strategy: NAME,
    book: NAME,
    tag: TEXT,
    tradingDay: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    side: fc.constantFrom(...SIDES),
    qty: DECIMAL,
    price: DECIMAL,
    referencePrice: MAYBE_DECIMAL,
    fee: DECIMAL,
    feeCurrency: TEXT,
    liquidity: fc.constantFrom(...LIQUIDITIES),
    realised: MAYBE_DECIMAL,
    revision: WHOLE,
  })
  .map((fields) => aFill(fields));
const BAR: fc.Arbitrary<StoredBar> = fc
  .record({
    ts: INSTANT,
    endTs: INSTANT,
    timeframe: NAME,
    open: FINITE,
    high: FINITE,
    low: FINITE,
    close: FINITE,
    volume: FINITE,
    nTicks: OR_NAN,
    vwap: OR_NAN,
  })
  .map((fields) => aBar(fields));
const TICK: fc.Arbitrary<StoredTick> = fc
  .record({
    venue: NAME,
    ts: INSTANT,
    sequence: WHOLE,
    recvTs: fc.oneof(INSTANT, fc.constant(Number.NaN)),
    bid: OR_NAN,
    ask: OR_NAN,
    bidSize: OR_NAN,
    askSize: OR_NAN,
    last: OR_NAN,
    size: OR_NAN,
  })
  .map((fields) => aTick(fields));
const JSON_OBJECT = fc
  .dictionary(TEXT, fc.jsonValue({ noUnicodeString: true, depthSize: 'small' }))
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '')) as Record<string, unknown>);
const COMMAND: fc.Arbitrary<StoredCommand> = fc
  .record({ sequence: WHOLE, ts: INSTANT, args: JSON_OBJECT, actor: TEXT, message: TEXT })
  .map((fields) => aCommand(fields));

describeDatabases('rows come back exactly', ({ open, database }) => {
  let runs = 0;
  const nextRun = (): string => {
    runs += 1;
    return `run-${runs}`;
  };

  it('fills: decimals of any length, 64-bit numbers, any text', async () => {
    const store = await open();
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(FILL, { selector: keyOfFill, maxLength: 20 }), async (fills) => {
        const run = nextRun();
        const rows = fills.map((fill) => ({ ...fill, run }));
        await store.appendFills(rows);
        const stored = await store.fills({ run });
        expect(byKey(stored, keyOfFill)).toEqual(byKey(rows, keyOfFill));
        expect(await store.appendFills(rows)).toMatchObject({ repeated: rows.length });
      }),
      { numRuns: 40 },
    );
  });

  it('bars and ticks: every double, NaN as "not known"', async () => {
    const store = await open();
    await fc.assert(
      fc.asyncProperty(BAR, TICK, async (bar, tick) => {
        const symbol = nextRun();
        await Promise.all([store.appendBar({ ...bar, symbol }), store.appendTick({ ...tick, symbol })]);
        expect(await store.lastBar(symbol, bar.timeframe)).toEqual({ ...bar, symbol });
        const { ts } = tick;
        expect(await store.loadTicks(symbol, ts, ts + 1)).toEqual([{ ...tick, symbol }]);
        const columns = await store.loadBars(symbol, bar.ts, bar.ts + 1, bar.timeframe);
        expect([columns.open[0], columns.vwap?.[0], columns.endTs?.[0]]).toEqual([bar.open, bar.vwap, bar.endTs]);
        expect(await store.appendBar({ ...bar, symbol })).toMatchObject({ repeated: 1 });
      }),
      { numRuns: 60 },
    );
  });

  it('commands: plain JSON arguments, in any order of keys', async () => {
    const store = await open();
    await fc.assert(
      fc.asyncProperty(COMMAND, async (command) => {
        const run = nextRun();
        await store.appendCommand({ ...command, run });
        expect(await store.commands(10, run)).toEqual([{ ...command, run }]);
        const turned = Object.fromEntries(Object.entries(command.args).reverse());
        expect(await store.appendCommand({ ...command, run, args: turned })).toMatchObject({ repeated: 1 });
      }),
      { numRuns: 40 },
    );
  });

  it('the same through the entities', async () => {
    const backend = await DatabaseBackend.open(databaseTarget({ database: await database() }));
    const { fills, ticks } = await import('./entities.js').then(({ ENTITIES }) => ENTITIES);
    await fc.assert(
      fc.asyncProperty(FILL, TICK, async (fill, tick) => {
        const run = nextRun();
        const manager = backend.session.dataSource.manager;
        await manager.insert(fills, { ...fill, run });
        await manager.insert(ticks, { ...tick, symbol: run });
        expect(await manager.findBy(fills, { run })).toEqual([{ ...fill, run }]);
        expect(await manager.findBy(ticks, { symbol: run })).toEqual([{ ...tick, symbol: run }]);
      }),
      { numRuns: 30 },
    );
    await backend.close();
  });
});

function keyOfFill({ account, executionId }: StoredFill): string {
  return JSON.stringify([account, executionId]);
}

function byKey<Row>(rows: readonly Row[], key: (row: Row) => string): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [key(row), row]));
}
