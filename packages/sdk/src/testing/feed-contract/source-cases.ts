// What a feed makes of rows that come twice, late, by a wrong clock, or in half: rules 16 and 17.
import { describeValue } from '../canonical.js';
import { check } from '../check.js';
import type { CaseOver } from '../contract.js';
import type { DeliveredRow } from '../recording-sinks.js';
import { checkAscending } from './delivery-cases.js';
import { hookOf, undeclared } from './fault-hooks.js';
import type { FeedContractOptions, FeedFixture } from './feed-fixture.js';
import { checkPrices, FeedSession, priceOf } from './feed-session.js';

const LATE_MS = -60_000;
const AHEAD_MS = 3_600_000;

/** Fails unless rows carry the time that the source gave them. */
function checkOwnTime(rows: readonly DeliveredRow[], ts: number, what: string): void {
  const other = rows.find((row) => row.ts !== ts);
  check(other === undefined, `${what} carries ${ts} as its time, and was delivered with ${other?.ts ?? ''}.`);
}

/** Fails unless something was delivered or rejected, with source and reason. */
function checkTold({ sink }: FeedSession, rows: readonly DeliveredRow[], what: string): void {
  const [rejection] = sink.rejections;
  check(rows.length > 0 || rejection !== undefined, `${what} was neither delivered nor rejected.`);
  if (rejection === undefined) return;
  const { source, reason } = rejection;
  check(source !== '' && reason !== '', `A rejected row needs source and reason: ${describeValue(rejection)}.`);
}

async function passesRepeats(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, sink } = session;
  let ts = Number.NaN;
  session.plan(first, 0).planAct(async () => {
    ts = await hookOf(fixture, 'publishTwice')(first.symbol, session.eventAt(first, 2));
  });
  await session.plan(first, 4).run([first]);
  const price = session.at(first, 2);
  const repeated = sink.rows.filter((row) => priceOf(row) === price);
  check(repeated.length > 0, 'An event that was sent twice was not delivered at all.');
  checkOwnTime(repeated, ts, 'An event that was sent twice');
  const [bids, lasts] = [repeated.filter((row) => row.bid === price), repeated.filter((row) => row.last === price)];
  const most = Math.max(bids.length, lasts.length);
  check(most <= 2, `An event that was sent twice was delivered ${most} times.`);
  const others = sink.rows.filter((row) => priceOf(row) !== price);
  checkPrices(others, [session.at(first, 0), session.at(first, 4)], 'Events around one that was sent twice');
  checkAscending(sink.rows, first.symbol);
}

async function keepsLateTime(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, sink } = session;
  let ts = Number.NaN;
  session.plan(first, 0).plan(first, 2);
  session.planAct(async () => {
    ts = await hookOf(fixture, 'publishAt')(first.symbol, session.eventAt(first, 4), LATE_MS);
  });
  await session.plan(first, 6).run([first]);
  const late = sink.rows.filter((row) => priceOf(row) === session.at(first, 4));
  checkTold(session, late, 'An event that came late');
  checkOwnTime(late, ts, 'An event that came late');
  const others = sink.rows.filter((row) => !late.includes(row));
  const prices = [0, 2, 6].map((steps) => session.at(first, steps));
  checkPrices(others, prices, 'Events around one that came late');
  checkAscending(sink.rows, first.symbol);
}

async function keepsSkewedTime(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, sink } = session;
  let ts = Number.NaN;
  session.plan(first, 0);
  session.planAct(async () => {
    ts = await hookOf(fixture, 'publishAt')(first.symbol, session.eventAt(first, 2), AHEAD_MS);
  });
  await session.plan(first, 4).plan(first, 6).run([first]);
  const ahead = sink.rows.filter((row) => priceOf(row) === session.at(first, 2));
  checkTold(session, ahead, 'An event by a clock that is ahead');
  checkOwnTime(ahead, ts, 'An event by a clock that is ahead');
  const others = sink.rows.filter((row) => !ahead.includes(row));
  const restamped = others.find((row) => row.ts >= ts);
  check(
    restamped === undefined,
    `An event after one by a clock that is ahead was given a time that is not its own: ${restamped?.ts ?? ''}.`,
  );
  checkAscending(sink.rows, first.symbol);
  const prices = [0, 4, 6].map((steps) => session.at(first, steps));
  // A recording has no time but its own: what lies behind a row that is ahead, it may have to reject.
  if (!session.isFinite) checkPrices(others, prices, 'Events around one by a clock that is ahead');
  else
    check(others.length + sink.rejections.length >= prices.length, 'Events went neither to the sink nor to rejected.');
}

async function readsNoHalves(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, sink } = session;
  session.plan(first, 0).planAct(() => hookOf(fixture, 'publishTorn')(first.symbol, session.eventAt(first, 2)));
  await session.plan(first, 4).plan(first, 6).run([first]);
  const prices = [0, 4, 6].map((steps) => session.at(first, steps));
  checkPrices(sink.rows, prices, 'Events around one that was cut short');
  const isTold = sink.rejections.length > 0 || sink.statuses.some(({ state }) => state === 'disconnected');
  check(isTold, 'An event that was cut short was neither rejected nor lost with a connection reported disconnected.');
}

/** Rows as a bad source sends them: rules 16 and 17. */
export function sourceCases(options: FeedContractOptions): readonly CaseOver<FeedFixture>[] {
  return [
    {
      id: 'FED-340',
      title: 'gives an event that comes twice no other time',
      skip: undeclared(options, 'publishTwice'),
      run: passesRepeats,
    },
    {
      id: 'FED-350',
      title: 'passes on or rejects an event that comes late, with its own time',
      skip: undeclared(options, 'publishAt'),
      run: keepsLateTime,
    },
    {
      id: 'FED-360',
      title: 'neither corrects a clock that is ahead nor lets it stop what follows',
      skip: undeclared(options, 'publishAt'),
      run: keepsSkewedTime,
    },
    {
      id: 'FED-370',
      title: 'reads nothing out of an event that was cut short, and goes on',
      skip: undeclared(options, 'publishTorn'),
      run: readsNoHalves,
    },
  ];
}
