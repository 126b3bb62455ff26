import type { HistoryRequest, RecordedFeed } from '../../interfaces/feed.js';
import { isTradingError } from '../../errors.js';
import { check, checkEqual, checkNoThrow, checkRejects, textOf } from '../check.js';
import { unless } from '../contract.js';
import type { CaseOver } from '../contract.js';
import { testingError } from '../errors.js';
import { RecordingFeedSink } from '../recording-sinks.js';
import type { DeliveredRow } from '../recording-sinks.js';
import { checkAscending } from './delivery-cases.js';
import type { FeedContractOptions, FeedFixture, TimeRange } from './feed-fixture.js';
import { checkPrices, FeedSession, rowsOf } from './feed-session.js';

async function silentBeforeOpen(fixture: FeedFixture): Promise<void> {
  const session = new FeedSession(fixture);
  await session.plan(session.first, 0).publish();
  try {
    await fixture.feed.subscribe([session.first], session.sink);
  } catch (error) {
    check(
      isTradingError(error),
      `A subscribe before open may reject, but with a TradingError; it was ${textOf(error)}.`,
    );
  }
  await session.plan(session.first, 2).publish();
  check(session.sink.rows.length === 0, `${session.sink.rows.length} rows were delivered before open.`);
}

async function silentAfterClose(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  await session.plan(session.first, 0).run([session.first]);
  await checkNoThrow(() => fixture.feed.close(), 'close');
  await fixture.settle();
  const before = session.sink.calls;
  await session.plan(session.first, 2).publish();
  check(session.sink.calls === before, `${session.sink.calls - before} deliveries came after close.`);
}

async function closesTwice(fixture: FeedFixture): Promise<void> {
  await checkNoThrow(() => fixture.feed.close(), 'close before open');
  await checkNoThrow(() => fixture.feed.open(), 'open');
  await checkNoThrow(() => fixture.feed.close(), 'close');
  await checkNoThrow(() => fixture.feed.close(), 'close, called twice');
}

async function subscriptionsEnd(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, second } = session;
  const other = new RecordingFeedSink();
  const subscription = await session.run([first]);
  const before = session.sink.calls;
  await checkNoThrow(() => fixture.feed.subscribe([second], other), 'a second subscribe');
  await checkNoThrow(() => subscription.close(), 'closing a subscription');
  await checkNoThrow(() => subscription.close(), 'closing a subscription twice');
  await session.plan(first, 2).plan(second, 40).publish();
  const after = session.sink.rows.length + session.sink.calls - before;
  check(after === 0 || session.isFinite, `${after} deliveries came after the subscription was closed.`);
  if (!session.isFinite) checkPrices(other.rows, [session.at(second, 40)], 'Events of the subscription that stays');
}

async function closedAtOnceDeliversNothing(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  await session.plan(session.first, 0).publish();
  const subscription = await checkNoThrow(() => fixture.feed.subscribe([session.first], session.sink), 'subscribe');
  const early = session.sink.rows.length;
  await checkNoThrow(() => subscription.close(), 'closing a subscription');
  await session.plan(session.first, 2).publish();
  check(session.sink.rows.length === early, 'A subscription closed at once still delivered.');
}

async function resolvesKnown(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first } = session;
  const { instrument, sourceId } = await checkNoThrow(() => fixture.feed.resolve(first), 'resolve');
  check(instrument.symbol === first.symbol, `Asked was '${first.symbol}', answered '${instrument.symbol}'.`);
  check(sourceId !== '', 'A resolved instrument needs the source’s own id.');
}

async function resolveNamesUnknown(fixture: FeedFixture): Promise<void> {
  await checkNoThrow(() => fixture.feed.open(), 'open');
  const error = await checkRejects(
    () => fixture.feed.resolve(fixture.unknown),
    'Resolving what the source does not know',
  );
  check(
    error.message.includes(fixture.unknown.symbol),
    `The error does not name '${fixture.unknown.symbol}': ${error.message}`,
  );
}

async function subscribeNamesUnknown(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { symbol } = fixture.unknown;
  try {
    await fixture.feed.subscribe([fixture.unknown], session.sink);
  } catch (error) {
    check(
      isTradingError(error) && error.message.includes(symbol),
      `Expected a TradingError naming '${symbol}', was ${textOf(error)}.`,
    );
    return;
  }
  await fixture.settle();
  const failed = session.sink.statuses.some((status) => status.state === 'failed' && status.symbol === symbol);
  check(failed, `A subscribe to the unknown '${symbol}' was neither rejected nor reported as failed.`);
}

/** What history may be asked for. */
export type HistoryKind = 'bars' | 'ticks';

/** A request that covers rows of the first instrument. */
export async function historyRequest(session: FeedSession, kind: HistoryKind): Promise<HistoryRequest> {
  const given = session.fixture.history?.[kind];
  if (given !== undefined) return given;
  if (!session.isFinite) {
    throw testingError(
      'CONTRACT_FIXTURE_INCOMPLETE',
      `A live feed that declares history needs \`history.${kind}\` in its fixture.`,
    );
  }
  const specs: unknown[] = [];
  const sink = Object.assign(new RecordingFeedSink(), {
    bars: (...args: Parameters<RecordingFeedSink['bars']>) => {
      RecordingFeedSink.prototype.bars.call(sink, ...args);
      specs.push(args[1]);
    },
  }) as RecordingFeedSink;
  for (let i = 0; i < 10; i += 1) session.plan(session.first, 2 * i);
  await session.run([session.first], sink);
  const range = { from: sink.rows[0]?.ts ?? 0, to: (sink.rows.at(-1)?.ts ?? 0) + 1 };
  const spec = specs[0] as HistoryRequest['bars'];
  return { instrument: session.first, ...range, ...(kind === 'bars' && spec !== undefined ? { bars: spec } : {}) };
}

async function tellsHistory(fixture: FeedFixture, kind: HistoryKind): Promise<void> {
  const session = await FeedSession.open(fixture);
  const request = await historyRequest(session, kind);
  const rows = await session.history(request);
  check(rows.length > 1, `The range asked for has rows; history answered ${rows.length}.`);
  checkInside(rows, request, request.instrument.symbol);
  const middle = rows[Math.floor(rows.length / 2)]!.ts;
  const half = await session.history({ ...request, to: middle });
  checkEqual(
    half,
    rows.filter((row) => row.ts < middle),
    'The first half of the range, asked for alone',
  );
  const rest = await session.history({ ...request, from: middle });
  const after = rows.filter((row) => row.ts >= middle);
  checkEqual(rest, after, 'The second half of the range, asked for alone');
  const none = await session.history({ ...request, to: request.from });
  check(none.length === 0, `An empty range answered ${none.length} rows.`);
}

function checkInside(rows: readonly DeliveredRow[], { from, to }: TimeRange, symbol: string): void {
  checkAscending(rows, symbol);
  for (const row of rows) {
    check(row.symbol === symbol, `Asked was '${symbol}', answered '${row.symbol}'.`);
    check(row.ts >= from && row.ts < to, `A row of ${row.ts} lies outside the asked range ${from} to ${to}.`);
  }
}

async function refusesHistory(fixture: FeedFixture, kind: HistoryKind): Promise<void> {
  const { feed } = fixture;
  if (feed.history === undefined) return;
  const session = await FeedSession.open(fixture);
  const request = {
    instrument: session.first,
    from: 0,
    to: 1,
    ...(kind === 'bars' ? { bars: { use: 'time', options: { seconds: 60 } } } : {}),
  };
  await checkRejects(async () => {
    for await (const block of feed.history!(request)) check(block === undefined, 'A block came.');
  }, `History of ${kind}, which is not declared`);
}

async function readsBlocks(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, second } = session;
  for (let i = 0; i < 6; i += 1) session.plan(first, 2 * i).plan(second, 40 + i);
  await session.run([first, second]);
  const read = async (range: Partial<TimeRange>): Promise<Map<string, readonly DeliveredRow[]>> => {
    const streams = new Map<string, readonly DeliveredRow[]>();
    const feed = fixture.feed as RecordedFeed;
    check(typeof feed.read === 'function', 'A finite feed needs `read`, which is what drives a backtest.');
    for await (const stream of feed.read([first, second], range)) {
      const rows: DeliveredRow[] = [];
      for await (const block of stream.blocks) rows.push(...rowsOf(block));
      check(!streams.has(stream.symbol), `'${stream.symbol}' came in two streams.`);
      streams.set(stream.symbol, rows);
    }
    return streams;
  };
  const whole = await read({});
  for (const { symbol } of [first, second]) {
    const rows = whole.get(symbol) ?? [];
    checkAscending(rows, symbol);
    checkEqual(rows, session.sink.of(symbol), `What read gives of '${symbol}', against what subscribe delivers`);
  }
  const rows = whole.get(first.symbol) ?? [];
  const range = { from: rows[1]!.ts, to: rows[4]!.ts };
  const part = (await read(range)).get(first.symbol) ?? [];
  checkEqual(
    part,
    rows.filter((row) => row.ts >= range.from && row.ts < range.to),
    'A part of the data, from inclusive to exclusive',
  );
}

/** Opening, closing, resolving and history: rules 1 to 3, 9 and 10. */
export function sessionCases(options: FeedContractOptions): readonly CaseOver<FeedFixture>[] {
  const { capabilities } = options;
  const { historyBars, historyTicks } = capabilities;
  return [
    {
      id: 'FED-010',
      title: 'has the capabilities its contribution declares',
      run: ({ feed }) => checkEqual(feed.capabilities, capabilities, 'The capabilities of the instance'),
    },
    { id: 'FED-020', title: 'delivers nothing before open', run: silentBeforeOpen },
    { id: 'FED-030', title: 'delivers nothing after close', run: silentAfterClose },
    { id: 'FED-040', title: 'may be closed twice, and before it was opened', run: closesTwice },
    { id: 'FED-050', title: 'ends one subscription and leaves the others', run: subscriptionsEnd },
    { id: 'FED-055', title: 'a subscription closed at once delivers nothing', run: closedAtOnceDeliversNothing },
    { id: 'FED-060', title: 'resolves an instrument of the source', run: resolvesKnown },
    { id: 'FED-070', title: 'rejects an instrument it cannot resolve, by name', run: resolveNamesUnknown },
    { id: 'FED-080', title: 'does not pass over an unknown instrument in silence', run: subscribeNamesUnknown },
    {
      id: 'FED-200',
      title: 'history of bars ascends, keeps to its range and ends',
      skip: unless(historyBars, 'historyBars is not declared'),
      run: (fixture) => tellsHistory(fixture, 'bars'),
    },
    {
      id: 'FED-210',
      title: 'history of ticks ascends, keeps to its range and ends',
      skip: unless(historyTicks, 'historyTicks is not declared'),
      run: (fixture) => tellsHistory(fixture, 'ticks'),
    },
    {
      id: 'FED-220',
      title: 'refuses history of bars it does not declare',
      skip: historyBars === true ? 'historyBars is declared' : undefined,
      run: (fixture) => refusesHistory(fixture, 'bars'),
    },
    {
      id: 'FED-230',
      title: 'refuses history of ticks it does not declare',
      skip: historyTicks === true ? 'historyTicks is declared' : undefined,
      run: (fixture) => refusesHistory(fixture, 'ticks'),
    },
    {
      id: 'FED-240',
      title: 'reads its data in blocks, the same rows as it delivers',
      skip: unless(capabilities.finite, 'not declared as finite'),
      run: readsBlocks,
    },
  ];
}
