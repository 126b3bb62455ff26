// What a feed says and does when its connection is lost: rules 7 and 12 to 15.
import type { Subscription } from '../../interfaces/feed.js';
import type { Instrument } from '../../model/instrument.js';
import { isTradingError } from '../../errors.js';
import { canonical } from '../canonical.js';
import { check, checkNoThrow, textOf } from '../check.js';
import { unless } from '../contract.js';
import type { CaseOver } from '../contract.js';
import { testingError } from '../errors.js';
import { RecordingFeedSink } from '../recording-sinks.js';
import { hookOf, undeclared } from './fault-hooks.js';
import type { FeedContractOptions, FeedFixture, FeedSource } from './feed-fixture.js';
import { checkPrices, FeedSession } from './feed-session.js';
import { historyRequest } from './session-cases.js';
import type { HistoryKind } from './session-cases.js';

const OUTAGES = 3;

function connectionOf({ source }: FeedFixture): Required<Pick<FeedSource, 'disconnect' | 'reconnect'>> {
  const { disconnect, reconnect } = source;
  if (disconnect === undefined || reconnect === undefined) {
    throw testingError(
      'CONTRACT_FIXTURE_INCOMPLETE',
      'A feed that is not finite needs `disconnect` and `reconnect` in its source.',
    );
  }
  return { disconnect: () => disconnect.call(source), reconnect: () => reconnect.call(source) };
}

/** Cuts the connection, lets something happen, and has it back; every sink has to hear of both. */
async function outage(
  fixture: FeedFixture,
  sinks: readonly RecordingFeedSink[],
  meanwhile: () => void | Promise<void> = () => {},
): Promise<void> {
  const { disconnect, reconnect } = connectionOf(fixture);
  await disconnect();
  await fixture.settle();
  for (const { statuses } of sinks) {
    const lost = statuses.at(-1);
    check(lost?.state === 'disconnected', `After the connection was cut the last status is ${lost?.state ?? 'none'}.`);
    check(lost.reason !== '' && lost.message !== '', 'A lost connection needs a reason and a message.');
  }
  await meanwhile();
  await reconnect();
  await fixture.settle();
  for (const { statuses } of sinks) {
    const back = statuses.at(-1)?.state;
    check(back === 'live' || back === 'delayed', `After the connection is back the last status is ${back ?? 'none'}.`);
  }
}

async function survivesOutage(fixture: FeedFixture): Promise<void> {
  connectionOf(fixture);
  const session = await FeedSession.open(fixture);
  const { first, sink } = session;
  await session.plan(first, 0).run([first]);
  await outage(fixture, [sink]);
  await session.plan(first, 6).publish();
  checkPrices(sink.rows, [session.at(first, 0), session.at(first, 6)], 'Events before and after an outage');
}

async function subscribe(
  { feed }: FeedFixture,
  instruments: readonly Instrument[],
  sink: RecordingFeedSink,
): Promise<Subscription> {
  return checkNoThrow(() => feed.subscribe(instruments, sink), 'subscribe');
}

async function continuesOnce(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, second, sink } = session;
  const other = new RecordingFeedSink();
  await subscribe(fixture, [first], sink);
  await subscribe(fixture, [first, second], other);
  await fixture.settle();
  for (let i = 0; i <= OUTAGES; i += 1) {
    if (i > 0) await outage(fixture, [sink, other]);
    await session
      .plan(first, 4 * i)
      .plan(second, 40 + 4 * i)
      .plan(first, 4 * i + 2)
      .publish();
  }
  const pricesOf = (instrument: Instrument, steps: (outages: number) => readonly number[]): readonly number[] =>
    Array.from({ length: OUTAGES + 1 }, (_, i) => steps(i).map((step) => session.at(instrument, step))).flat();
  const firsts = pricesOf(first, (i) => [4 * i, 4 * i + 2]);
  checkPrices(sink.rows, firsts, `Events of one subscription around ${OUTAGES} outages`);
  checkPrices(other.of(first.symbol), firsts, `Events of another subscription around ${OUTAGES} outages`);
  const seconds = pricesOf(second, (i) => [40 + 4 * i]);
  checkPrices(other.of(second.symbol), seconds, `Events of its second instrument around ${OUTAGES} outages`);
}

async function closedStaysClosed(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, second, sink } = session;
  const other = new RecordingFeedSink();
  const subscription = await subscribe(fixture, [first], sink);
  await subscribe(fixture, [second], other);
  await fixture.settle();
  let before = 0;
  await outage(fixture, [other], async () => {
    await checkNoThrow(() => subscription.close(), 'closing a subscription without a connection');
    before = sink.calls;
  });
  await session.plan(first, 2).plan(second, 40).publish();
  check(
    sink.calls === before,
    `${sink.calls - before} deliveries came to a subscription that was closed during an outage.`,
  );
  checkPrices(other.rows, [session.at(second, 40)], 'Events of the subscription that stays');
}

async function isNotLiveUnreached(fixture: FeedFixture): Promise<void> {
  await hookOf(fixture, 'cut')();
  const session = new FeedSession(fixture);
  const { first, sink } = session;
  try {
    await fixture.feed.open();
    await fixture.feed.subscribe([first], sink);
  } catch (error) {
    check(isTradingError(error), `A source that cannot be reached needs a TradingError; it was ${textOf(error)}.`);
    return;
  }
  await fixture.settle();
  const state = sink.statuses.at(-1)?.state;
  check(
    state === 'disconnected' || state === 'failed',
    `The source cannot be reached, and a subscription was made of which the last status is ${state ?? 'none'}.`,
  );
}

async function tellsNoLessHistory(fixture: FeedFixture, kind: HistoryKind): Promise<void> {
  const session = await FeedSession.open(fixture);
  const request = await historyRequest(session, kind);
  const whole = await session.history(request);
  check(whole.length > 0, `The range asked for has rows; history answered ${whole.length}.`);
  await hookOf(fixture, 'cut')();
  await fixture.settle();
  let count = 0;
  try {
    const rows = [];
    for await (const { columns } of fixture.feed.history!(request)) {
      count += columns.length;
      rows.push(...Array.from(columns.ts.subarray(0, columns.length)));
    }
    const same = canonical(rows) === canonical(whole.map((row) => row.ts));
    check(
      same,
      `Without a connection history of ${kind} answered ${count} of ${whole.length} rows, as if that were all.`,
    );
  } catch (error) {
    check(isTradingError(error), `History without a connection needs a TradingError; it was ${textOf(error)}.`);
    if (error.code === 'CONTRACT_BROKEN') throw error;
  }
}

async function closeEndsConnecting(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, sink } = session;
  await session.plan(first, 0).run([first]);
  const admit = await hookOf(fixture, 'cut')();
  await fixture.settle();
  await checkNoThrow(() => fixture.feed.close(), 'close without a connection');
  const before = sink.calls;
  await admit();
  await fixture.settle();
  await session.plan(first, 2).publish();
  check(
    sink.calls === before,
    `${sink.calls - before} deliveries came after close, which was called while the connection was lost.`,
  );
}

async function fillsNoSilence(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, second, sink } = session;
  await session.plan(first, 0).plan(second, 40).run([first, second]);
  const before = sink.rows.length;
  await hookOf(fixture, 'fallSilent')();
  await fixture.settle();
  check(
    sink.rows.length === before,
    `The source was silent, and ${sink.rows.length - before} rows were delivered: a sign of life is no data.`,
  );
  await session.plan(first, 2).publish();
  checkPrices(sink.of(first.symbol), [session.at(first, 0), session.at(first, 2)], 'Events before and after a silence');
}

/** A connection that is lost or silent: rules 7 and 12 to 15. */
export function outageCases(options: FeedContractOptions): readonly CaseOver<FeedFixture>[] {
  const { finite, historyBars, historyTicks } = options.capabilities;
  const skip = finite === true ? 'finite feeds have no connection' : undefined;
  const needsCut = skip ?? undeclared(options, 'cut');
  return [
    {
      id: 'FED-150',
      title: 'reports an outage and its end, and continues its subscriptions',
      skip,
      run: survivesOutage,
    },
    {
      id: 'FED-300',
      title: 'continues every subscription once, however often the connection is lost',
      skip,
      run: continuesOnce,
    },
    { id: 'FED-305', title: 'does not take up what was closed during an outage', skip, run: closedStaysClosed },
    {
      id: 'FED-310',
      title: 'is not live while its source cannot be reached',
      skip: needsCut,
      run: isNotLiveUnreached,
    },
    {
      id: 'FED-312',
      title: 'history of bars is not cut short by a lost connection',
      skip: needsCut ?? unless(historyBars, 'historyBars is not declared'),
      run: (fixture) => tellsNoLessHistory(fixture, 'bars'),
    },
    {
      id: 'FED-314',
      title: 'history of ticks is not cut short by a lost connection',
      skip: needsCut ?? unless(historyTicks, 'historyTicks is not declared'),
      run: (fixture) => tellsNoLessHistory(fixture, 'ticks'),
    },
    {
      id: 'FED-320',
      title: 'delivers nothing after a close during an outage',
      skip: needsCut,
      run: closeEndsConnecting,
    },
    {
      id: 'FED-330',
      title: 'makes no data of a silence or a sign of life',
      skip: skip ?? undeclared(options, 'fallSilent'),
      run: fillsNoSilence,
    },
  ];
}
