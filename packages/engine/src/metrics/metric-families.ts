// Every metric of an engine: its name, its help, its labels and where its value comes from. Units are base units; a figure that is
// not known has no sample.
import type { BookView, EngineSnapshot, FeedView, StrategyView } from '../control/engine-snapshot.js';
import {
  counter,
  gauge,
  type Labels,
  type MetricFacts,
  type MetricFamily,
  type Sample,
  single,
} from './metric-family.js';
import { RECONCILIATION } from './reconciliation-families.js';

function perBook(value: (book: BookView) => number | null): readonly [Labels, MetricFamily['samples']] {
  return [
    ['book', 'currency'],
    ({ snapshot }) => (snapshot?.books ?? []).map((book) => [value(book), book.name, book.currency]),
  ];
}

function perStrategy(value: (strategy: StrategyView) => number): readonly [Labels, MetricFamily['samples']] {
  return [
    ['strategy', 'book'],
    ({ snapshot }) => (snapshot?.strategies ?? []).map((strategy) => [value(strategy), strategy.name, strategy.book]),
  ];
}

function perPosition(
  value: (position: StrategyView['positions'][number]) => number | null,
): readonly [Labels, MetricFamily['samples']] {
  return [
    ['strategy', 'symbol'],
    ({ snapshot }) =>
      (snapshot?.strategies ?? []).flatMap(({ name, positions }) =>
        positions.map((position): Sample => [value(position), name, position.symbol]),
      ),
  ];
}

function perFeed(
  value: (feed: FeedView, snapshot: EngineSnapshot) => number | null,
): readonly [Labels, MetricFamily['samples']] {
  return [
    ['feed'],
    ({ snapshot }) => (snapshot === undefined ? [] : snapshot.feeds.map((feed) => [value(feed, snapshot), feed.name])),
  ];
}

/** While no engine is there no session is, whatever was said last. */
function venueStates({ notices, snapshot }: MetricFacts): readonly (readonly [string, string])[] {
  const isGone = snapshot?.state === 'recovering';
  return [...notices.venues].map(([venue, state]) => [venue, isGone ? 'disconnected' : state]);
}

const STATES = ['starting', 'running', 'recovering', 'stopping'] as const;
const LEVELS = ['halt', 'reduce-only', 'panic'] as const;

const ENGINE: readonly MetricFamily[] = [
  gauge('info', 'Always 1: which engine and run this is.', [
    ['engine', 'run', 'mode', 'version'],
    ({ snapshot, engineVersion }) =>
      snapshot === undefined ? [] : [[1, snapshot.name, snapshot.runId, snapshot.mode, engineVersion]],
  ]),
  gauge(
    'state',
    '1 for the state the run is in: starting, running, recovering (the engine was lost, a fresh one has not begun) or stopping.',
    [['state'], ({ snapshot }) => STATES.map((state) => [Number((snapshot?.state ?? 'starting') === state), state])],
  ),
  gauge(
    'responding',
    'Whether the engine thread answered this scrape in time: 1 or 0.',
    single((f) => Number(f.isFresh)),
  ),
  gauge(
    'snapshot_age_seconds',
    'Age of the figures below; grows while the engine thread does not answer.',
    single(({ snapshot, now }) => (snapshot === undefined ? null : Math.max(0, now - snapshot.takenAt) / 1000)),
  ),
  gauge(
    'beat_age_seconds',
    'Time since the engine thread last moved.',
    single(({ beatAgeMs }) => (beatAgeMs === undefined ? null : beatAgeMs / 1000)),
  ),
  gauge(
    'lag_seconds',
    'How far a replay is behind its clock; 0 for live feeds.',
    single(({ snapshot }) => (snapshot === undefined ? null : snapshot.lagMs / 1000)),
  ),
  gauge(
    'journal_size_bytes',
    'Size of the journal and its log.',
    single((f) => f.journalBytes),
  ),
];

const EVENTS: readonly MetricFamily[] = [
  counter(
    'ticks',
    'Ticks handled.',
    single((f) => f.snapshot?.counts.ticks),
  ),
  counter(
    'bars',
    'Bars handled.',
    single((f) => f.snapshot?.counts.bars),
  ),
  counter(
    'orders',
    'Number of the last order; of a run that goes on, those before it count too.',
    single((f) => f.snapshot?.counts.orders),
  ),
  counter(
    'fills',
    'Executions booked since the run began.',
    single((f) => f.snapshot?.counts.fills),
  ),
  counter(
    'order_rejections',
    'Orders that a venue rejected.',
    single((f) => f.notices.total('ORDER_REJECTED')),
  ),
  counter(
    'alarms',
    'Alarms of all codes; there from the start, so that the first one is an increase.',
    single((f) => f.notices.alarms),
  ),
  counter('notices', 'Notices by code; docs/operating.md says what each means.', [
    ['code', 'level'],
    ({ notices }) => notices.counts.map(({ code, level, count }) => [count, code, level]),
  ]),
  gauge(
    'orders_working',
    'Orders that are not final.',
    single((f) => f.snapshot?.ordersWorking),
  ),
  gauge(
    'orders_unknown',
    'Orders of which nobody knows whether they reached the venue.',
    single((f) => f.snapshot?.ordersUnknown),
  ),
];

const MONEY: readonly MetricFamily[] = [
  gauge(
    'book_equity',
    'Equity of the book, in its currency.',
    perBook((book) => book.equity),
  ),
  gauge(
    'book_cash',
    'Cash of the book at the last rates, in its currency.',
    perBook((book) => book.cash),
  ),
  gauge(
    'book_capital',
    'Capital the book was given, in its currency.',
    perBook((book) => book.capital),
  ),
  gauge(
    'book_day_profit',
    'Profit since the trading day began, in the currency of the book.',
    perBook((book) => book.dayProfit),
  ),
  gauge(
    'book_realised_profit',
    'Realised profit, in the currency of the book.',
    perBook((book) => book.realised),
  ),
  gauge(
    'book_unrealised_profit',
    'Unrealised profit, in the currency of the book.',
    perBook((book) => book.unrealised),
  ),
  gauge(
    'book_gross_exposure',
    'Sum of the absolute values of positions, in the currency of the book.',
    perBook((book) => book.grossExposure),
  ),
];

const STRATEGIES: readonly MetricFamily[] = [
  gauge(
    'strategy_running',
    'Whether the strategy runs: 1, or 0 where it was stopped or failed.',
    perStrategy((s) => Number(s.status === 'running')),
  ),
  gauge(
    'strategy_failed',
    'Whether the strategy failed and waits for a person: 1 or 0.',
    perStrategy((s) => Number(s.status === 'failed')),
  ),
  counter(
    'strategy_fills',
    'Executions of the strategy.',
    perStrategy((s) => s.fills),
  ),
  gauge(
    'position_quantity',
    'Position of a strategy, in signed units.',
    perPosition((position) => position.qty),
  ),
  gauge(
    'position_target_quantity',
    'What the strategy wants, in signed units.',
    perPosition((position) => position.target),
  ),
];

const GUARDS: readonly MetricFamily[] = [
  gauge('halted', '1 for each scope whose new risk is stopped; no sample for the others.', [
    ['scope', 'name'],
    ({ snapshot }) => (snapshot?.halts ?? []).map(({ scope, name }) => [1, scope, name]),
  ]),
  gauge('halt_latched', 'Entries in the file HALTED, by level.', [
    ['level'],
    ({ latched }) => LEVELS.map((level) => [latched.filter((entry) => entry.level === level).length, level]),
  ]),
];

const CONNECTIONS: readonly MetricFamily[] = [
  gauge(
    'feed_live',
    'Whether the feed delivers: 1 where its state is live or replay, else 0.',
    perFeed(({ state }) => Number(state === 'live' || state === 'replay')),
  ),
  gauge('feed_state', '1 for the state the feed is in; no sample for the others.', [
    ['feed', 'state'],
    ({ snapshot }) => (snapshot?.feeds ?? []).map(({ name, state }) => [1, name, state]),
  ]),
  gauge(
    'feed_data_age_seconds',
    'Age of the last row of a live feed when the figures were taken.',
    perFeed(({ state, lastAt }, { takenAt }) =>
      state === 'replay' || lastAt === null ? null : Math.max(0, takenAt - lastAt) / 1000,
    ),
  ),
  counter(
    'feed_rows',
    'Rows a feed delivered.',
    perFeed(({ rows }) => rows),
  ),
  counter('feed_irregular_rows', 'Rows that were not used as they came, by kind.', [
    ['feed', 'kind'],
    ({ snapshot }) =>
      (snapshot?.feeds ?? []).flatMap(({ name, irregular }) =>
        Object.entries(irregular).map(([kind, count]): Sample => [count, name, kind]),
      ),
  ]),
  gauge('venue_ready', 'Whether the session of a venue is ready: 1 or 0. No sample before the venue said anything.', [
    ['venue'],
    (figures) => venueStates(figures).map(([venue, state]) => [Number(state === 'ready'), venue]),
  ]),
  gauge('venue_state', '1 for the state the session of a venue is in; no sample for the others.', [
    ['venue', 'state'],
    (figures) => venueStates(figures).map(([venue, state]) => [1, venue, state]),
  ]),
];

/** All metrics, in the order they are shown. */
export const METRIC_FAMILIES: readonly MetricFamily[] = [
  ...ENGINE,
  ...EVENTS,
  ...MONEY,
  ...STRATEGIES,
  ...GUARDS,
  ...CONNECTIONS,
  ...RECONCILIATION,
];
