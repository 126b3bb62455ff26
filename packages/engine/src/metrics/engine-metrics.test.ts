import { describe, expect, it } from '@jest/globals';
import type { EngineNotice } from '@bookrunner/sdk';
import type { EngineSnapshot } from '../control/engine-snapshot.js';
import { EngineMetrics } from './engine-metrics.js';
import { METRIC_FAMILIES } from './metric-families.js';
import type { MetricFacts } from './metric-family.js';
import { NoticeCounts } from './notice-counts.js';

const SNAPSHOT: EngineSnapshot = {
  runId: 'r1',
  name: 'demo',
  mode: 'paper',
  state: 'running',
  at: 1_000,
  takenAt: 10_000,
  lagMs: 250,
  counts: { ticks: 5, bars: 4, orders: 3, fills: 2 },
  halts: [{ scope: 'book', name: 'CORE', reason: 'loss', until: null }],
  venues: [],
  reconciliation: [],
  decimals: {},
  feeds: [{ name: 'ib', state: 'stale', message: '', lastAt: 4_000, rows: 9, irregular: { crossed: 2 } }],
  strategies: [
    {
      name: 'mr',
      book: 'CORE',
      currency: 'USD',
      status: 'failed',
      reason: 'boom',
      isWarm: true,
      allocation: 1,
      lossLimitBps: null,
      venue: 'ib',
      feed: 'ib',
      realised: 1,
      fees: 1,
      fills: 2,
      positions: [
        { symbol: 'AAPL', qty: -10, avgPrice: 1, price: 1, waitsFor: null, awaitsOtherAnswer: false, target: null },
        { symbol: 'MSFT', qty: 5, avgPrice: 1, price: 1, waitsFor: null, awaitsOtherAnswer: false, target: 7 },
      ],
    },
  ],
  books: [
    {
      name: 'CORE',
      currency: 'USD',
      capital: 100,
      equity: 99.5,
      cash: 40,
      dayProfit: -0.5,
      realised: 1,
      unrealised: null,
      grossExposure: 60,
    },
  ],
  orders: [],
  ordersWorking: 4,
  ordersUnknown: 1,
  fills: [],
};

function notice(fields: Partial<EngineNotice>): EngineNotice {
  return { ts: 0, level: 'warning', code: 'ORDER_REJECTED', message: '', details: {}, ...fields };
}

function facts(more: Partial<MetricFacts> = {}): MetricFacts {
  return {
    snapshot: SNAPSHOT,
    isFresh: true,
    notices: new NoticeCounts(),
    latched: [],
    engineVersion: '1.2.3',
    now: 12_000,
    beatAgeMs: 100,
    journalBytes: 4_096,
    ...more,
  };
}

async function lines(given: MetricFacts, metrics = new EngineMetrics()): Promise<readonly string[]> {
  const text = await metrics.text(given);
  return text.split('\n').filter((line) => line.startsWith('bookrunner_'));
}

describe('EngineMetrics', () => {
  it('shows the engine in base units, and nothing that is not known', async () => {
    const shown = await lines(facts());
    expect(shown).toEqual(
      expect.arrayContaining([
        'bookrunner_info{engine="demo",run="r1",mode="paper",version="1.2.3"} 1',
        'bookrunner_state{state="running"} 1',
        'bookrunner_state{state="starting"} 0',
        'bookrunner_responding 1',
        'bookrunner_snapshot_age_seconds 2',
        'bookrunner_beat_age_seconds 0.1',
        'bookrunner_lag_seconds 0.25',
        'bookrunner_journal_size_bytes 4096',
        'bookrunner_orders_total 3',
        'bookrunner_fills_total 2',
        'bookrunner_orders_working 4',
        'bookrunner_orders_unknown 1',
        'bookrunner_book_equity{book="CORE",currency="USD"} 99.5',
        'bookrunner_book_cash{book="CORE",currency="USD"} 40',
        'bookrunner_book_day_profit{book="CORE",currency="USD"} -0.5',
        'bookrunner_book_gross_exposure{book="CORE",currency="USD"} 60',
        'bookrunner_strategy_failed{strategy="mr",book="CORE"} 1',
        'bookrunner_position_quantity{strategy="mr",symbol="AAPL"} -10',
        'bookrunner_position_target_quantity{strategy="mr",symbol="MSFT"} 7',
        'bookrunner_halted{scope="book",name="CORE"} 1',
        'bookrunner_feed_live{feed="ib"} 0',
        'bookrunner_feed_state{feed="ib",state="stale"} 1',
        'bookrunner_feed_data_age_seconds{feed="ib"} 6',
        'bookrunner_feed_irregular_rows_total{feed="ib",kind="crossed"} 2',
      ]),
    );
    const names = shown.join('\n');
    expect(names).not.toContain('book_unrealised_profit{');
    expect(names).not.toContain('position_target_quantity{strategy="mr",symbol="AAPL"}');
  });

  it('has no figures before the engine showed any, but says that it starts', async () => {
    const shown = await lines(
      facts({ snapshot: undefined, isFresh: false, beatAgeMs: undefined, journalBytes: undefined }),
    );
    expect(shown).toContain('bookrunner_state{state="starting"} 1');
    expect(shown).toContain('bookrunner_responding 0');
    expect(shown.some((line) => /^bookrunner_(?:orders_total|beat_age|journal|book_|info)/.test(line))).toBe(false);
  });

  it('counts notices and rejections, and knows the state of venues', async () => {
    const notices = new NoticeCounts();
    notices.add(notice({}));
    notices.add(notice({ level: 'alarm' }));
    for (const state of ['connecting', 'disconnected']) {
      notices.add(notice({ code: 'VENUE_STATUS', details: { venue: 'ib', state } }));
    }
    const shown = await lines(facts({ notices }));
    expect(shown).toEqual(
      expect.arrayContaining([
        'bookrunner_order_rejections_total 2',
        'bookrunner_alarms_total 1',
        'bookrunner_notices_total{code="ORDER_REJECTED",level="alarm"} 1',
        'bookrunner_venue_ready{venue="ib"} 0',
        'bookrunner_venue_state{venue="ib",state="disconnected"} 1',
      ]),
    );
    expect(shown.join('\n')).not.toContain('state="connecting"} 1');
  });

  it('forgets what is gone, and never counts twice', async () => {
    const metrics = new EngineMetrics();
    const first = await lines(facts(), metrics);
    expect(await lines(facts(), metrics)).toEqual(first);
    const empty = { ...SNAPSHOT, halts: [], feeds: [], strategies: [], books: [] };
    const shown = await lines(facts({ snapshot: empty }), metrics);
    expect(shown.filter((line) => /strategy=|book=|feed=|bookrunner_halted/.test(line))).toEqual([]);
    expect(await lines(facts(), metrics)).toEqual(first);
  });

  it('stays bounded, whatever codes come', async () => {
    const notices = new NoticeCounts();
    for (let k = 0; k < 5_000; k += 1) notices.add(notice({ code: `CODE_${k}` }));
    expect(notices.counts.length).toBe(201);
    expect(notices.total('OTHER')).toBe(4_800);
  });

  it('answers several questions at once', async () => {
    const metrics = new EngineMetrics();
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => lines(facts(), metrics)));
    for (const other of others) expect(other).toEqual(first);
    metrics.close();
    expect(await lines(facts(), metrics)).toEqual(first);
  });

  it('has those of the process, and names as Prometheus wants them', async () => {
    const text = await new EngineMetrics().text(facts());
    expect(text).toContain('\nprocess_resident_memory_bytes ');
    expect(text).toContain('\nnodejs_eventloop_lag_seconds ');
    const names = METRIC_FAMILIES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, type, help } of METRIC_FAMILIES) {
      expect(name).toMatch(/^bookrunner_[a-z_]+$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(help).toMatch(/\.$/);
    }
  });
});
