import { canonical, deepFreeze, describeValue } from '../canonical.js';
import { check, checkEqual, checkNoThrow } from '../check.js';
import { unless } from '../contract.js';
import type { CaseOver } from '../contract.js';
import { RecordingFeedSink } from '../recording-sinks.js';
import type { DeliveredRow } from '../recording-sinks.js';
import type { FeedContractOptions, FeedFixture } from './feed-fixture.js';
import { checkPrices, FeedSession } from './feed-session.js';

async function deliversOnce(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, second } = session;
  for (let i = 0; i < 8; i += 1) session.plan(first, 2 * i).plan(second, 2 * i + 40);
  await session.run([first, second]);
  for (const [instrument, base] of [
    [first, 0],
    [second, 40],
  ] as const) {
    const prices = Array.from({ length: 8 }, (_, i) => session.at(instrument, 2 * i + base));
    checkPrices(session.sink.of(instrument.symbol), prices, `Events of '${instrument.symbol}'`);
  }
}

async function deliversSubscribedOnly(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first, second } = session;
  await session.plan(first, 0).plan(second, 40).plan(first, 2).run([first]);
  const strange = session.sink.rows.find((row) => row.symbol !== first.symbol);
  check(strange === undefined, `'${strange?.symbol ?? ''}' was delivered, only '${first.symbol}' was subscribed.`);
  check(session.sink.rows.length > 0, `Nothing of the subscribed '${first.symbol}' was delivered.`);
}

async function deliversListedTwiceOnce(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first } = session;
  await session.plan(first, 0).plan(first, 2).run([first, first]);
  const prices = [session.at(first, 0), session.at(first, 2)];
  checkPrices(session.sink.rows, prices, 'Events of an instrument that was listed twice');
}

async function ascends(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  for (let i = 0; i < 12; i += 1) session.plan(i % 3 === 0 ? session.second : session.first, 2 * i);
  await session.run([session.first, session.second]);
  for (const { symbol } of [session.first, session.second]) checkAscending(session.sink.of(symbol), symbol);
}

/** Fails unless the rows are in order of availability. */
export function checkAscending(rows: readonly DeliveredRow[], symbol: string): void {
  for (let i = 1; i < rows.length; i += 1) {
    const [before, now] = [rows[i - 1]!.availableTs, rows[i]!.availableTs];
    check(
      now >= before,
      `Row ${i + 1} of '${symbol}' was available at ${now}, before the row ahead of it at ${before}.`,
    );
  }
}

async function keepsPrices(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first } = session;
  const [bid, ask] = [session.at(first, 0), session.at(first, 1)];
  session.planEvent(first, { bid, ask: Number.NaN, last: bid });
  session.planEvent(first, { bid: session.at(first, 4), ask: session.at(first, 2), last: ask });
  await session.run([first]);
  for (const row of session.sink.rows) {
    const prices = row.kind === 'tick' ? [row.bid, row.ask, row.last] : [row.open, row.high, row.low, row.close];
    check(!prices.includes(0), `A price not known was delivered as 0: ${describeValue(row)}.`);
    check(
      !prices.some((price) => Math.abs(price) === Number.POSITIVE_INFINITY),
      `A price is infinite: ${describeValue(row)}.`,
    );
  }
  if (fixture.feed.capabilities.quotes !== true) return;
  const quotes = session.sink.rows.filter((row) => row.kind === 'tick' && !Number.isNaN(row.bid));
  checkEqual(quotes[0]?.ask, Number.NaN, 'The ask of a quote without one');
  const crossed = quotes.at(-1);
  const told = [crossed?.bid, crossed?.ask];
  checkEqual(
    told,
    [session.at(first, 4), session.at(first, 2)],
    'Bid and ask of a crossed quote, which is not to be repaired',
  );
}

async function rejectsBadRows(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const { first } = session;
  await session.plan(first, 0).planMalformed(first).plan(first, 2).run([first]);
  const [row, ...others] = session.sink.rejections;
  check(row !== undefined, 'A row that cannot be used went nowhere: it has to be rejected.');
  check(others.length === 0, `One bad row was rejected ${others.length + 1} times.`);
  check(row.source !== '' && row.reason !== '', `A rejected row needs source and reason: ${describeValue(row)}.`);
  checkPrices(session.sink.rows, [session.at(first, 0), session.at(first, 2)], 'Events around a bad row');
}

async function endsOnce(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  await session.plan(session.first, 0).plan(session.second, 40).run([session.first, session.second]);
  const ends = session.sink.statuses.filter((status) => status.state === 'ended');
  check(ends.length === 1, `A finite feed says 'ended' once for a subscription; it came ${ends.length} times.`);
}

async function isRepeatable(options: FeedContractOptions): Promise<void> {
  const run = async (): Promise<unknown> => {
    const fixture = await options.create();
    try {
      const session = await FeedSession.open(fixture);
      for (let i = 0; i < 6; i += 1) session.plan(session.first, 2 * i).plan(session.second, 40 + i);
      await session.run([session.first, session.second]);
      const origin = session.sink.rows[0]?.ts ?? 0;
      return session.sink.rows.map((row) => ({ ...row, ts: row.ts - origin, availableTs: row.availableTs - origin }));
    } finally {
      await fixture.dispose?.();
    }
  };
  checkEqual(await run(), await run(), 'The rows of a second feed over the same data');
}

async function columnsAreGivenAway(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  for (let i = 0; i < 5; i += 1) session.plan(session.first, 2 * i).plan(session.second, 40 + i);
  const copies: string[] = [];
  const sink = new RecordingFeedSink();
  const kept = sink.blocks;
  const noting = Object.assign(sink, {
    ticks: (columns: Parameters<RecordingFeedSink['ticks']>[0]) => {
      RecordingFeedSink.prototype.ticks.call(sink, columns);
      copies.push(canonical(columns));
    },
    bars: (...args: Parameters<RecordingFeedSink['bars']>) => {
      RecordingFeedSink.prototype.bars.call(sink, ...args);
      copies.push(canonical(args[0]));
    },
  });
  await session.run([session.first, session.second], noting);
  await checkNoThrow(() => fixture.feed.close(), 'close');
  kept.forEach((block, i) => {
    check(canonical(block) === copies[i], 'Columns were changed after they had been delivered.');
    check(block.ts.length >= block.length, `Columns of length ${block.length} hold ${block.ts.length} times.`);
  });
}

async function leavesGivenAlone(fixture: FeedFixture): Promise<void> {
  const session = await FeedSession.open(fixture);
  const soft = [structuredClone(session.first), structuredClone(session.second)];
  const before = canonical(soft);
  await session.plan(session.first, 0).run(soft);
  check(canonical(soft) === before, 'The list of instruments, or one of them, was changed by subscribe.');
  const frozen = deepFreeze([structuredClone(session.first)]);
  await checkNoThrow(
    () => fixture.feed.subscribe(frozen, new RecordingFeedSink()),
    'subscribe with frozen instruments',
  );
  await checkNoThrow(() => fixture.feed.resolve(frozen[0]!), 'resolve with a frozen instrument');
}

/** What is delivered: rules 4 to 6, 8 and 11. */
export function deliveryCases(options: FeedContractOptions): readonly CaseOver<FeedFixture>[] {
  const { capabilities } = options;
  const finite = unless(capabilities.finite, 'not declared as finite');
  return [
    { id: 'FED-100', title: 'delivers every event once, as published', run: deliversOnce },
    { id: 'FED-110', title: 'delivers subscribed symbols only', run: deliversSubscribedOnly },
    { id: 'FED-115', title: 'delivers an instrument listed twice once', run: deliversListedTwiceOnce },
    { id: 'FED-120', title: 'delivers each symbol in order of availability', run: ascends },
    { id: 'FED-130', title: 'keeps prices as they are: NaN for unknown, crossed quotes crossed', run: keepsPrices },
    { id: 'FED-140', title: 'rejects a row it cannot use, with source and reason, and goes on', run: rejectsBadRows },
    { id: 'FED-160', title: 'says ended once', skip: finite, run: endsOnce },
    {
      id: 'FED-170',
      title: 'two feeds over the same data deliver the same',
      skip: finite,
      run: () => isRepeatable(options),
    },
    { id: 'FED-180', title: 'gives its columns away', run: columnsAreGivenAway },
    { id: 'FED-190', title: 'does not change the instruments it is given', run: leavesGivenAlone },
  ];
}
