import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { failure, issues, load, MINIMAL, writeConfig } from './config.fixture.js';
import { loadConfig } from './load-config.js';

const FULL = `
engine: { name: demo, baseCurrency: EUR, dataDir: data, closeDelayMs: 250, seed: 7 }
database: { type: postgres, url: "\${DATABASE_URL}" }
plugins: ["@bookrunner/plugins-ibkr", { use: ./mine, required: false }]
allowIncompatible: [old]
calendars:
  XPAR: { timeZone: Europe/Paris, sessions: [["09:00", "17:30"]], holidays: ["2026-12-25"], earlyCloses: { "2026-12-24": "14:05" } }
instruments:
  EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x5, venues: { ct: { symbol: EURUSD } } }
  MC.PA: { assetClass: equity, quote: EUR, calendar: XPAR, venues: { ib: { exchange: SMART } } }
feeds:
  ib: { use: ibkr, options: { host: "\${IB_HOST:-127.0.0.1}" } }
  ct: { use: ctrader }
venues:
  ib: { use: ibkr }
  ct: { use: ctrader }
accounts:
  ib-main: { venue: ib, id: "\${IB_ACCOUNT}", exclusive: true }
  ct-main: { venue: ct, id: "123456" }
books:
  CORE: { account: ib-main, base: USD, capital: 500000, dayCalendar: XNYS, risk: { use: standard, options: { maxLeverage: 2 } } }
  FX: { account: ct-main, capital: "\${FX_CAPITAL:-250000.5}" }
routes:
  - { match: { assetClass: equity }, venue: ib }
  - { match: { symbols: EURUSD, book: FX }, venue: ct }
strategies:
  mr-mc:
    use: mean-reversion
    book: CORE
    symbols: [MC.PA]
    bars: [{ use: time, options: { seconds: 60 } }, { use: time, options: { seconds: 3600 } }]
    params: { lookback: 20 }
    sizing: { use: atr, options: { riskBps: 25 } }
    allocation: 0.5
    feed: ib
    entry: { tif: GTC }
    warmup: 100
    risk: { use: standard }
  fx: { use: breakout, book: FX, symbols: [EURUSD], bars: { use: time, options: { seconds: 300 } }, feed: ct }
risk: { use: standard, options: { maxLossDayBps: 150 } }
controls: { http: { use: http, options: { port: 8080 } } }
`;
const GUARDS = {
  slowStrategyMs: 100,
  stopStrategyMs: 1_000,
  clockSkewMs: 1_000,
  outageLeadMs: 120_000,
  outageGraceMs: 300_000,
};
const ENV = { DATABASE_URL: 'postgres://user:hunter22@db/x', IB_ACCOUNT: 'DU0001' };

describe('a full configuration', () => {
  const path = writeConfig(FULL);
  const config = loadConfig(path, { env: ENV });

  it('gives every section, typed and complete', () => {
    expect(config.engine).toEqual({
      name: 'demo',
      baseCurrency: 'EUR',
      dataDir: join(dirname(path), 'data'),
      closeDelayMs: 250,
      barGraceMs: 5_000,
      seed: 7,
      journal: 'auto',
      reconcile: { everyMs: 60_000, settleMs: 2_000, pageMs: 30_000, callMs: 10_000 },
      history: { limitMs: 30_000 },
      guards: GUARDS,
      onStop: 'keep',
    });
    expect(config.plugins).toEqual([
      { use: '@bookrunner/plugins-ibkr', options: {}, required: true },
      { use: './mine', options: {}, required: false },
    ]);
    expect(config.instruments['EURUSD']).toMatchObject({ symbol: 'EURUSD', priceStep: 0.00001, minQty: 1000 });
    expect(config.accounts).toEqual({
      'ib-main': { venue: 'ib', id: 'DU0001', exclusive: true },
      'ct-main': { venue: 'ct', id: '123456', exclusive: false },
    });
    expect(config.books['FX']).toEqual({ account: 'ct-main', base: 'EUR', capital: 250000.5, dayCalendar: '24x5' });
    expect(config.routes).toEqual([
      { match: { assetClass: 'equity' }, venue: 'ib' },
      { match: { symbols: ['EURUSD'], book: 'FX' }, venue: 'ct' },
    ]);
    expect(config.strategies['mr-mc']).toEqual({
      use: 'mean-reversion',
      book: 'CORE',
      symbols: ['MC.PA'],
      bars: [
        { use: 'time', options: { seconds: 60 } },
        { use: 'time', options: { seconds: 3600 } },
      ],
      params: { lookback: 20 },
      sizing: { use: 'atr', options: { riskBps: 25 } },
      allocation: 0.5,
      feed: 'ib',
      entry: { tif: 'GTC' },
      warmup: 100,
      risk: { use: 'standard', options: {} },
    });
    expect(config.strategies['fx']?.bars).toEqual([{ use: 'time', options: { seconds: 300 } }]);
    expect(config.risk).toEqual({ use: 'standard', options: { maxLossDayBps: 150 } });
    expect(config.warnings).toEqual([]);
  });

  it('hides the database address and gives it on demand', () => {
    expect(`${JSON.stringify(config.database)}`).toBe('{"type":"postgres","url":"***"}');
    expect(config.database.type === 'postgres' && config.database.url.reveal()).toBe(ENV.DATABASE_URL);
  });

  it('is frozen all the way down', () => {
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.strategies['mr-mc']?.bars[0]?.options)).toBe(true);
    expect(Object.isFrozen(config.instruments['EURUSD']?.venues)).toBe(true);
  });
});

describe('a minimal configuration', () => {
  it('fills in venue, account, book, route, feed, bars, risk and allocation', () => {
    const path = writeConfig(MINIMAL);
    const config = loadConfig(path);
    expect(config.engine).toEqual({
      name: 'bookrunner',
      baseCurrency: 'USD',
      dataDir: join(dirname(path), 'var'),
      closeDelayMs: 0,
      barGraceMs: 5_000,
      seed: 1,
      journal: 'auto',
      reconcile: { everyMs: 60_000, settleMs: 2_000, pageMs: 30_000, callMs: 10_000 },
      history: { limitMs: 30_000 },
      guards: GUARDS,
      onStop: 'keep',
    });
    expect(config.database).toEqual({ type: 'sqlite', file: join(dirname(path), 'var', 'bookrunner.db') });
    expect(config.venues).toEqual({ simulated: { use: 'simulated', options: {}, outages: [] } });
    expect(config.accounts).toEqual({ simulated: { venue: 'simulated', id: 'simulated', exclusive: true } });
    expect(config.books).toEqual({
      MAIN: { account: 'simulated', base: 'USD', capital: 1_000_000, dayCalendar: 'XNAS' },
    });
    expect(config.routes).toEqual([{ match: {}, venue: 'simulated' }]);
    expect(config.strategies['mr']).toEqual({
      use: 'mean-reversion',
      book: 'MAIN',
      symbols: ['AAPL'],
      bars: [{ use: 'time', options: { seconds: 60 } }],
      params: {},
      sizing: { use: 'fraction', options: {} },
      allocation: 1,
      feed: 'bars',
      entry: { tif: 'DAY' },
    });
    expect(config.risk).toEqual({ use: 'standard', options: {} });
  });

  it('accepts an empty file', () => {
    expect(load('').strategies).toEqual({});
    expect(load('').books).toEqual({
      MAIN: { account: 'simulated', base: 'USD', capital: 1_000_000, dayCalendar: '24x7' },
    });
  });

  it('shares what is left of a book equally', () => {
    const config = load(
      `${MINIMAL}  b: { use: x, symbols: [AAPL], allocation: 0.5 }\n  c: { use: x, symbols: [AAPL] }\n`,
    );
    expect(Object.values(config.strategies).map((strategy) => strategy.allocation)).toEqual([0.25, 0.5, 0.25]);
  });

  it('refuses a strategy for which nothing is left', () => {
    const found = issues(`${MINIMAL}  b: { use: x, symbols: [AAPL], allocation: 1 }\n`);
    expect(found).toMatchObject([{ path: 'strategies.mr.allocation' }]);
  });

  it('warns of allocations above the book', () => {
    const config = load(
      `${MINIMAL}  b: { use: x, symbols: [AAPL], allocation: 0.7 }\n`.replace('[AAPL] }', '[AAPL], allocation: 0.6 }'),
    );
    expect(config.warnings).toMatchObject([{ code: 'CONFIG_ALLOCATION_ABOVE_ONE', path: 'books.MAIN' }]);
    expect(config.warnings[0]?.message).toContain('1.3');
  });
});

describe('what is wrong', () => {
  it('names unknown keys with place, near miss and remedy', () => {
    const error = failure(MINIMAL.replace('symbols: [AAPL] }', 'symbols: [AAPL], alocation: 0.5 }'));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.toOperatorText()).toBe(
      "CONFIG_INVALID: engine.yaml:7:47 strategies.mr.alocation: unknown key. Did you mean 'allocation'? Rename or remove it.",
    );
  });

  it('collects everything at once', () => {
    const found = issues(`
engin: {}
engine: { closeDelayMs: soon }
instruments:
  AAPL: { assetClass: equty, quote: usd }
  units: { assetClass: equity, quote: USD }
feeds: { a: { use: csv }, b: { use: csv } }
strategies:
  mr: { use: mean-reversion, symbols: [APPL], book: MIAN, params: { token: "\${NOT_SET}" } }
`);
    expect(found.map((issue) => issue.path).toSorted()).toEqual([
      'engin',
      'engine.closeDelayMs',
      'instruments.AAPL.assetClass',
      'instruments.AAPL.quote',
      'instruments.units',
      'strategies.mr.book',
      'strategies.mr.feed',
      'strategies.mr.params.token',
      'strategies.mr.symbols[0]',
    ]);
    const messages = Object.fromEntries(found.map((issue) => [issue.path, issue.message]));
    expect(messages['engin']).toContain("'engine'");
    expect(messages['engine.closeDelayMs']).toBe('has to be a number; it is text.');
    expect(messages['instruments.AAPL.assetClass']).toContain("Did you mean 'equity'?");
    expect(messages['instruments.units']).toContain('share, units');
    expect(messages['strategies.mr.symbols[0]']).toContain("Did you mean 'AAPL'?");
    expect(messages['strategies.mr.book']).toContain("Did you mean 'MAIN'?");
    expect(messages['strategies.mr.feed']).toContain('a, b');
    expect(found.every((issue) => issue.place?.startsWith('engine.yaml:'))).toBe(true);
  });

  it.each([
    ['a venue', 'accounts: { a: { venue: imulated } }', 'accounts.a.venue', "Did you mean 'simulated'?"],
    ['an account', 'books: { B: { account: simulate } }', 'books.B.account', "Did you mean 'simulated'?"],
    [
      'a calendar',
      'instruments: { A: { assetClass: fx, quote: USD, calendar: 24x6 } }',
      'instruments.A.calendar',
      '24x',
    ],
    ['a route', 'routes: [{ venue: sim }]', 'routes[0].venue', 'Known: simulated.'],
    [
      'the simulator of a broker',
      'venues: { ib: { use: ibkr, simulatedBy: cots }, costs: { use: simulated } }\naccounts: { a: { venue: costs } }',
      'venues.ib.simulatedBy',
      "Did you mean 'costs'?",
    ],
    [
      'a simulator of a simulator',
      'venues: { a: { use: simulated, simulatedBy: b }, b: { use: simulated } }\naccounts: { a: { venue: b } }',
      'venues.a.simulatedBy',
      'is simulated itself',
    ],
    [
      'a broker account without id',
      'venues: { ib: { use: ibkr } }\naccounts: { a: { venue: ib } }',
      'accounts.a',
      'no id',
    ],
    ['a list for an object', 'engine: [1]', 'engine', 'has to be an object; it is a list.'],
    [
      'a missing field',
      'strategies: { a: { symbols: [X] } }\nfeeds: { f: { use: f } }\ninstruments: { X: { assetClass: fx, quote: USD } }',
      'strategies.a.use',
      'is missing; it has to be text.',
    ],
    ['a database type', 'database: { type: postgre }', 'database.type', "Did you mean 'postgres'?"],
    [
      'a step that is no step',
      'instruments: { A: { assetClass: fx, quote: USD, priceDecimals: 1, priceStep: 0.001 } }',
      'instruments.A',
      'priceDecimals',
    ],
    [
      'rows out of order',
      'instruments: { A: { assetClass: fx, quote: USD, priceSteps: [{ from: 1, step: 1 }, { from: 0, step: 2 }] } }',
      'instruments.A.priceSteps[1].from',
      'above',
    ],
  ])('finds %s', (_what, yaml, path, text) => {
    const found = issues(yaml);
    expect(found.map((issue) => issue.path)).toEqual([path]);
    expect(found[0]?.message).toContain(text);
  });

  it.each([
    ['at the top', '__proto__: { a: 1 }\n', '__proto__', 8],
    ['in a section', '  __proto__: { use: x, symbols: [AAPL] }\n', 'strategies.__proto__', 8],
    [
      'in params',
      '  b: { use: x, symbols: [AAPL], params: { constructor: 1 } }\n',
      'strategies.b.params.constructor',
      8,
    ],
    [
      'in a list',
      '  b: { use: x, symbols: [AAPL], params: { a: [{ prototype: 1 }] } }\n',
      'strategies.b.params.a[0].prototype',
      8,
    ],
  ])('refuses a reserved key %s', (_where, yaml, path, line) => {
    const found = issues(`${MINIMAL}${yaml}`);
    expect(found).toMatchObject([
      { code: 'CONFIG_INVALID', path, remedy: 'Rename or remove it.', message: expect.stringContaining('reserved') },
    ]);
    expect(found[0]?.place).toMatch(new RegExp(`^engine.yaml:${line}:`));
  });

  it('wants capital for a book on a broker account', () => {
    const yaml = `${MINIMAL}venues: { ib: { use: ibkr } }\naccounts: { a: { venue: ib, id: X } }\n`;
    expect(issues(yaml)).toMatchObject([{ path: 'books' }]);
    expect(issues(yaml)[0]?.message).toContain('capital');
    expect(load(`${yaml}books: { B: { capital: 5 } }\n`).books['B']?.capital).toBe(5);
  });

  it('refuses two accounts that are one', () => {
    const yaml =
      'venues: { ib: { use: ibkr } }\naccounts: { a: { venue: ib, id: X }, b: { venue: ib, id: X } }\nbooks: { B: { account: a, capital: 1 } }';
    expect(issues(yaml)).toMatchObject([
      { code: 'CONFIG_INVALID', path: 'accounts.b.id', place: 'engine.yaml:2:54', remedy: 'Keep one of the two.' },
    ]);
  });

  it('refuses two accounts that are one, at two venues of one plugin', () => {
    const venues =
      'venues: { one: { use: ibkr, options: { clientId: 1 } }, two: { use: ibkr, options: { clientId: 2 } } }';
    const same = 'accounts: { a: { venue: one, id: X }, b: { venue: two, id: X } }';
    const yaml = `${venues}\n${same}\nbooks: { B: { account: a, capital: 1 } }`;
    expect(issues(yaml)).toMatchObject([
      {
        path: 'accounts.b.id',
        place: expect.stringMatching(/^engine\.yaml:\d+:\d+$/),
        message: "is the account of 'a' too: venues 'one' and 'two' use the same plugin.",
        remedy: 'Keep one of the two accounts, and one venue for it.',
      },
    ]);
    // Another broker may call its account the same, and so may simulators.
    expect(load(yaml.replace('two: { use: ibkr', 'two: { use: other')).accounts['b']?.id).toBe('X');
    expect(load(yaml.replaceAll('use: ibkr', 'use: simulated')).accounts['b']?.id).toBe('X');
  });

  it('warns of a venue nobody declared', () => {
    const config = load(MINIMAL.replace('calendar: XNAS', 'venues: { bras: {} }'));
    expect(config.warnings).toMatchObject([
      { code: 'CONFIG_VENUE_NAME_UNUSED', path: 'instruments.AAPL.venues.bras', place: 'engine.yaml:3:53' },
    ]);
  });

  it('gives the account to a routed simulator', () => {
    const yaml = `${MINIMAL}venues: { ib: { use: ibkr }, paper: { use: simulated } }\naccounts: { a: { venue: ib, id: X } }
books: { B: { account: a, capital: 1 } }\nroutes: [{ venue: paper }]\n`;
    expect(load(yaml).accounts['paper']).toEqual({ venue: 'paper', id: 'paper', exclusive: true });
  });
});
