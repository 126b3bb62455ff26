import { DAY_MS, type Instrument, MINUTE_MS } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { builtStream, instrumentOf, Scene, type SceneOptions, START } from '../kernel/kernel.fixture.js';
import type { RunResult } from '../report/run-result.js';
import { standardRiskOptions } from '../risk/standard-risk-options.js';
import { StandardRiskPolicy } from '../risk/standard-risk-policy.js';
import { simulatedVenueOptions } from '../simulated-venue/options.js';
import type { Assembly } from './assemble.js';
import { RunRecorder } from './run-recorder.js';
import { makeRunResult } from './run-result.js';
import type { VenueChoice } from './simulated-venues.js';

const YEN_STOCK = instrumentOf({ symbol: 'JJJ', quote: 'JPY', priceStep: 1 });
const DOLLAR_YEN = instrumentOf({ symbol: 'USDJPY', assetClass: 'fx', base: 'USD', quote: 'JPY', priceStep: 0.001 });

/** A scene that is recorded, and its result. */
class RecordedScene extends Scene {
  readonly #recorder: RunRecorder;

  constructor(options: SceneOptions = {}) {
    super(options);
    const { instruments, strategies, books } = this.setup;
    const recorder = new RunRecorder({
      runEpoch: this.setup.runEpoch,
      symbols: instruments.map(({ instrument }: { instrument: Instrument }) => instrument.symbol),
      owners: strategies.map(({ name, bookIndex }) => ({ strategy: name, book: books[bookIndex]?.name ?? '' })),
    });
    recorder.connect(this.kernel);
    Object.assign(this.listener, {
      orderSent: recorder.orderSent.bind(recorder),
      orderEnded: recorder.orderEnded.bind(recorder),
      filled: recorder.filled.bind(recorder),
      feeChanged: recorder.feeChanged.bind(recorder),
      tradeClosed: recorder.tradeClosed.bind(recorder),
      refused: recorder.refused.bind(recorder),
      equityMarked: recorder.equityMarked.bind(recorder),
      dayEnded: recorder.dayEnded.bind(recorder),
      cashMoved: recorder.cashMoved.bind(recorder),
    });
    this.#recorder = recorder;
  }

  /** One minute passes with a bar at a price for each instrument. */
  prices(...prices: readonly number[]): void {
    const ts = this.now;
    this.now += MINUTE_MS;
    prices.forEach((price, streamIndex) => {
      const event = this.barEvent({ streamIndex, ts, price });
      this.driver.barOpen(streamIndex, event);
      this.driver.barRange(streamIndex, event);
      this.driver.bar(event);
    });
    this.driver.advanceTo(this.now);
  }

  /** Time passes without data. */
  wait(ms: number): void {
    this.now += ms;
    this.driver.advanceTo(this.now);
  }

  cash(bookIndex: number, amount: number, reason: 'deposit' | 'financing'): void {
    const { name: book, base: currency } = this.setup.books[bookIndex]!;
    this.driver.event({ kind: 'cash', at: this.now, book, currency, amount, reason });
  }

  result(venues: readonly VenueChoice[] = [], config: () => string = () => ''): RunResult {
    this.#recorder.finish(this.now);
    const assembly = {
      kernel: this.kernel,
      driver: this.driver,
      recorder: this.#recorder,
      plan: { streams: this.setup.streams, warnings: [] },
      venues,
    } as unknown as Assembly;
    return makeRunResult(assembly, {
      ...{ runId: 'r', kind: 'backtest', name: 'test', startedAt: 0, elapsedMs: 0, from: START, to: this.now },
      ...{ sources: [], strategyHashes: {}, warnings: [] },
      get config() {
        return config();
      },
    });
  }
}

/** Instruments: AAA in dollars, JJJ in yen, and the rate. The second strategy trades JJJ in a book kept in yen. */
function twoCurrencies(): RecordedScene {
  return new RecordedScene({
    instruments: [instrumentOf(), YEN_STOCK, DOLLAR_YEN],
    books: [{ name: 'DOLLARS' }, { name: 'YEN', base: 'JPY' }],
    strategies: [
      { book: 0, instruments: [0] },
      { book: 1, instruments: [1] },
    ],
  });
}

describe('the result of a run', () => {
  it('has its configuration written when somebody reads it, and in copies', () => {
    let written = 0;
    const scene = twoCurrencies();
    scene.prices(100, 1_000, 100);
    const result = scene.result([], () => `written: ${(written += 1)}`);
    expect(written).toBe(0);
    expect([{ ...result }.config, written]).toEqual(['written: 1', 1]);
    expect(Object.keys(result)).toContain('config');
  });
});

describe('the equity of a run', () => {
  it.each([1, 2])('has the ends of its days and its own end, whatever bars there were (%d books)', (count) => {
    const scene = new RecordedScene({
      streams: [builtStream(0)],
      books: ['CORE', 'EDGE'].slice(0, count).map((name) => ({ name })),
      strategies: [{ book: 0, instruments: [0], streams: [[0]] }],
    });
    scene.answers[0] = 1;
    scene.venue.onSubmit = (order) => {
      scene.venue.filled(order, { price: 100 });
      return 'hold';
    };
    scene.tick(START, 100);
    scene.wait(MINUTE_MS);
    expect(scene.held(0)).toBeGreaterThan(0);
    const midnight = Math.ceil(scene.now / DAY_MS) * DAY_MS;
    // A tick whose bar has not closed when the day does, and one whose bar never does.
    for (const [at, price] of [
      [midnight - 10, 90],
      [midnight, 95],
      [midnight + MINUTE_MS, 80],
    ] as const) {
      scene.wait(at - scene.now);
      scene.tick(at, price);
    }
    const { metrics, equity, daily, books } = scene.result();
    const units = scene.held(0);
    expect(daily.map(({ equityEnd }) => equityEnd - metrics.initialEquity)).toEqual([-10 * units, -20 * units]);
    expect(equity.equity.at(-1)).toBe(metrics.finalEquity);
    expect(metrics.maxDrawdownValue).toBe(20 * units);
    expect(books['CORE']?.metrics.maxDrawdownValue).toBe(20 * units);
  });
});

describe('the figures of a run over books of several currencies', () => {
  it('are in the currency of the engine, at the rates of their time', () => {
    const scene = twoCurrencies();
    scene.prices(100, 1_000, 100);
    scene.answers[1] = 1;
    scene.venue.onSubmit = (order) => {
      scene.venue.filled(order, { price: order.qty === 100 && scene.held(1) === 0 ? 1_000 : 1_200, fee: 500 });
      return 'hold';
    };
    scene.prices(100, 1_000, 100);
    scene.answers[1] = 0;
    scene.prices(100, 1_200, 80);
    const { metrics, daily, books } = scene.result();
    expect(scene.held(1)).toBe(0);
    // 100 units from 1,000 to 1,200 less twice 500: 19,000 yen, of which the second half of the costs at 80.
    expect(books['YEN']?.metrics).toMatchObject({
      profit: 19_000,
      turnoverValue: 220_000,
      fees: 1_000,
      bestTrade: 19_000,
    });
    expect(metrics.initialEquity).toBeCloseTo(1_000_000 + 1_000_000 / 100, 6);
    expect(metrics.finalEquity).toBeCloseTo(1_000_000 + 1_019_000 / 80, 6);
    expect(metrics.totalReturn).toBeCloseTo(metrics.finalEquity / metrics.initialEquity - 1, 12);
    expect(metrics.turnoverValue).toBeCloseTo(100_000 / 100 + 120_000 / 80, 6);
    expect(metrics.fees).toBeCloseTo(500 / 100 + 500 / 80, 6);
    expect(metrics.bestTrade).toBeCloseTo(19_000 / 80, 6);
    expect(daily[0]?.realised).toBeCloseTo(20_000 / 80, 6);
    expect(metrics).toMatchObject({ trades: 1, fills: 2, days: 1 });
  });

  it('hold fees that were told after their fills', () => {
    const scene = twoCurrencies();
    scene.prices(100, 1_000, 100);
    scene.answers[1] = 1;
    scene.venue.onSubmit = (order) => {
      scene.venue.filled(order, { price: 1_000, fee: 0 });
      return 'hold';
    };
    scene.prices(100, 1_000, 100);
    scene.kernel.parts.execution.changeFee(scene.slots[1]!, { feeChange: 500, feeCurrency: 'JPY', at: scene.now });
    const { metrics, books } = scene.result();
    expect(books['YEN']?.metrics).toMatchObject({ fees: 500, finalEquity: 999_500 });
    expect(metrics.fees).toBeCloseTo(500 / 100, 6);
    expect(metrics.fills).toBe(1);
  });

  it('converts cash, and takes its days from the first book', () => {
    const scene = twoCurrencies();
    scene.prices(100, 1_000, 100);
    scene.cash(1, 50_000, 'deposit');
    scene.cash(1, -2_000, 'financing');
    scene.wait(DAY_MS);
    scene.prices(100, 1_000, 100);
    const { metrics, daily } = scene.result();
    expect(daily.map((row) => row.tradingDay)).toEqual([20140505, 20140506]);
    expect(daily[0]?.deposits).toBeCloseTo(500, 6);
    expect(metrics.financing).toBeCloseTo(-20, 6);
    expect(metrics.profit).toBeCloseTo(-20, 6);
  });

  it('are annualised with the days of the first book', () => {
    const scene = new RecordedScene({
      books: [{ name: 'WEEK' }, { name: 'ALWAYS' }],
      dayCalendars: ['24x5', '24x7'],
      strategies: [{ book: 0 }, { book: 1 }],
    });
    scene.prices(100);
    expect(scene.result().metrics.periodsPerYear).toBe(260);
  });

  it('name the rates that were missing when orders were refused', () => {
    const policy = new StandardRiskPolicy(standardRiskOptions.parse({}));
    const books = [{ name: 'DOLLARS' }, { name: 'YEN', base: 'JPY' }];
    const scene = new RecordedScene({
      ...{ instruments: [instrumentOf(), YEN_STOCK, DOLLAR_YEN], books, policy },
      strategies: [
        { book: 0, instruments: [0] },
        { book: 1, instruments: [1] },
      ],
    });
    scene.answers[0] = { units: 5 };
    scene.prices(100, 1_000);
    expect(scene.result().warnings).toContain(
      '1 order was trimmed, refused or held back: RISK_EQUITY. Not known then: the rate from JPY to USD.',
    );
  });

  it('says what it could not convert', () => {
    const scene = twoCurrencies();
    scene.prices(100, 1_000);
    scene.cash(1, 50_000, 'deposit');
    const { metrics, warnings } = scene.result();
    expect(metrics).toMatchObject({ days: 0, totalReturn: null });
    expect(warnings.join('\n')).toContain('whole run');
  });
});

describe('the days of a run', () => {
  it('are those with a mark: not one that only began when the last ended, and none without data', () => {
    const scene = new RecordedScene();
    scene.prices(100);
    scene.wait(3 * DAY_MS);
    scene.prices(101);
    scene.wait(DAY_MS - 2 * MINUTE_MS);
    const { daily, metrics } = scene.result();
    expect(daily.map((row) => row.tradingDay)).toEqual([20140505, 20140508]);
    expect([metrics.days, metrics.finalEquity]).toEqual([2, 1_000_000]);
  });

  it('are none where there was nothing', () => {
    const scene = new RecordedScene();
    scene.wait(2 * DAY_MS);
    expect(scene.result().metrics).toMatchObject({ days: 0, bestDay: null, finalEquity: 1_000_000 });
  });

  it('have what is paid in them', () => {
    const scene = new RecordedScene();
    scene.prices(100);
    scene.wait(DAY_MS);
    scene.cash(0, 500, 'deposit');
    scene.wait(DAY_MS);
    const { daily, metrics } = scene.result();
    expect(daily.map((row) => [row.tradingDay, row.deposits])).toEqual([
      [20140505, 0],
      [20140506, 500],
    ]);
    expect([metrics.finalEquity, metrics.totalReturn]).toEqual([1_000_500, 0]);
  });

  it('are of the whole run where any book had a mark, and of a book where it had one', () => {
    const scene = new RecordedScene({
      instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB' })],
      books: [{ name: 'ONE' }, { name: 'TWO' }],
      strategies: [0, 1].map((index) => ({ book: index, instruments: [index] })),
    });
    scene.prices(100, 100);
    scene.wait(DAY_MS);
    const event = scene.barEvent({ streamIndex: 1, ts: scene.now, price: 100 });
    scene.now += MINUTE_MS;
    scene.driver.bar(event);
    scene.wait(DAY_MS);
    const { metrics, books } = scene.result();
    expect([metrics.days, books['ONE']?.metrics.days, books['TWO']?.metrics.days]).toEqual([2, 1, 2]);
  });
});

describe('time in the market', () => {
  it.each([
    ['a book', [{ name: 'ONE' }]],
    ['several books', [{ name: 'ONE' }, { name: 'TWO' }]],
  ])('of %s ends with the positions, whatever rounding left of their value', (_, books) => {
    const scene = new RecordedScene({
      instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB' })],
      books,
      strategies: [0, 1].map((index) => ({ book: 0, instruments: [index] })),
    });
    scene.prices(100.03, 33.31);
    scene.answers.push({ units: 7 }, { units: -11 });
    for (let minute = 0; minute < 4; minute++) scene.prices(100.07 + minute * 0.13, 33.33 + minute * 0.29);
    scene.answers.splice(0, 2, 0, 0);
    for (let minute = 0; minute < 7; minute++) scene.prices(100.11, 33.41);
    expect([scene.held(0), scene.held(1)]).toEqual([0, 0]);
    expect(scene.kernel.parts.portfolio.books[0]?.grossValue).not.toBe(0);
    const { metrics, books: results } = scene.result();
    // Held for four of the eleven minutes between the first mark and the last.
    expect(metrics.exposure).toBeCloseTo(4 / 11, 12);
    expect(results['ONE']?.metrics.exposure).toBeCloseTo(4 / 11, 12);
  });
});

describe('a run that warms up first', () => {
  it('has the days of a run that does not', () => {
    const play = (scene: RecordedScene): RunResult => {
      scene.venue.onSubmit = (order) => {
        scene.venue.filled(order);
        return 'hold';
      };
      for (const price of [100, 104, 102, 108]) {
        scene.answer(1, price);
        scene.wait(DAY_MS - MINUTE_MS);
      }
      return scene.result();
    };
    const tradeFrom = START;
    const warmed = new RecordedScene({ start: START - 5 * DAY_MS, tradeFrom });
    for (let day = 0; day < 5; day++) {
      warmed.bars();
      warmed.wait(DAY_MS - MINUTE_MS);
    }
    expect(warmed.now).toBe(START);
    const expected = play(new RecordedScene());
    const result = play(warmed);
    expect(result.daily).toEqual(expected.daily);
    expect(result.metrics.sharpe).not.toBeNull();
    expect(result.metrics.sharpe).toBe(expected.metrics.sharpe);
  });
});

describe('a fee in a third currency', () => {
  it('counts in the currency of the book', () => {
    const scene = new RecordedScene({ instruments: [instrumentOf(), DOLLAR_YEN], strategies: [{ instruments: [0] }] });
    scene.prices(100, 100);
    scene.venue.onSubmit = (order) => {
      scene.venue.filled(order, { fee: 500, feeCurrency: 'JPY' });
      return 'hold';
    };
    scene.answers[0] = 1;
    scene.prices(100, 100);
    const { metrics, strategies } = scene.result();
    expect(metrics.fees).toBeCloseTo(5, 9);
    expect(strategies['s0']?.fees).toBeCloseTo(5, 9);
    expect(metrics.profit).toBeCloseTo(-5, 9);
  });

  it('is left out with a warning while its rate is not known', () => {
    const scene = new RecordedScene({ instruments: [instrumentOf(), DOLLAR_YEN], strategies: [{ instruments: [0] }] });
    scene.venue.onSubmit = (order) => {
      scene.venue.filled(order, { fee: 500, feeCurrency: 'JPY' });
      return 'hold';
    };
    scene.answers[0] = 1;
    scene.prices(100);
    const { metrics, warnings } = scene.result();
    expect(metrics).toMatchObject({ fills: 1, fees: 0 });
    expect(warnings.join('\n')).toContain("1 fees of book 'CORE'");
  });
});

describe('a broker that is simulated', () => {
  const free = 'traded in the simulated venue, without fees';
  function warnings(name: string, fees: object): string {
    const scene = new RecordedScene({ books: [{ name: 'CORE', account: 'main', venue: 'ib' }] });
    scene.prices(100);
    const options = simulatedVenueOptions.parse({ fees });
    return scene.result([{ name, options, accounts: ['main'] }]).warnings.join(' ');
  }

  it('is warned of where it takes no fees, and only there', () => {
    expect(warnings('simulated', { model: 'none' })).toContain(`Account 'main' of venue 'ib' ${free}`);
    expect(warnings('costs', { model: 'bps', bps: 1 })).not.toContain(free);
    expect(warnings('ib', { model: 'none' })).not.toContain(free);
  });
});

describe('orders that the venue rejects', () => {
  /** One order a minute, answered in turn; the last answer is that of all that follow. */
  function warnings(...answers: readonly ('fill' | 'reject')[]): string {
    const scene = new RecordedScene();
    scene.prices(100);
    for (const [index, answer] of answers.entries()) {
      scene.venue.onSubmit = () => answer;
      scene.answers[0] = index % 2 === 0 ? 1 : -1;
      scene.prices(100);
    }
    return scene.result().warnings.join(' ');
  }

  it.each([
    [['reject'], 'The only order was rejected by the venue: NOT_ALLOWED.'],
    [['reject', 'reject'], 'All 2 orders were rejected by the venue: NOT_ALLOWED.'],
    [['fill', 'reject'], '1 of 2 orders was rejected by the venue: NOT_ALLOWED.'],
  ] as const)('are warned of where they are half or more: %p', (answers, warning) => {
    expect(warnings(...answers)).toContain(warning);
  });

  it('are not warned of where they are fewer', () => {
    expect(warnings('fill', 'fill', 'reject')).not.toContain('rejected');
    expect(warnings('fill')).not.toContain('rejected');
  });
});
