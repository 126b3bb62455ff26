import { canonical, describeValue } from '../canonical.js';
import { check, checkEqual, checkNoThrow } from '../check.js';
import { unless } from '../contract.js';
import type { CaseOver } from '../contract.js';
import type { VenueContractOptions, VenueFixture } from './venue-fixture.js';
import { VenueSession } from './venue-session.js';

async function refusesBeforeOpen(fixture: VenueFixture): Promise<void> {
  const session = new VenueSession(fixture);
  const order = session.order();
  const outcome = await session.submit(order);
  check(outcome.kind === 'refused', `A submit before open has to be refused, was ${describeValue(outcome)}.`);
  const cancelled = await session.cancel(order);
  check(cancelled.kind === 'refused', `A cancel before open has to be refused, was ${describeValue(cancelled)}.`);
  await checkSnapshotIncomplete(fixture, 'before open');
}

/** Whether orders may rest: without limit orders nothing does. */
export function hasLimit(fixture: VenueFixture): boolean {
  return fixture.venue.capabilities.orderTypes.includes('limit');
}

/** Fails for a snapshot that says it is complete when nobody could know. */
export async function checkSnapshotIncomplete(fixture: VenueFixture, when: string): Promise<void> {
  let complete: readonly boolean[];
  try {
    const snapshot = await fixture.venue.snapshot();
    complete = [snapshot.positions, snapshot.openOrders, snapshot.executions, snapshot.accounts].map(
      (part) => part.complete,
    );
  } catch {
    return; // A rejection is as honest.
  }
  check(!complete.includes(true), `A snapshot ${when} says 'complete', but there is no session that could know.`);
}

async function silentAfterClose(fixture: VenueFixture, movesMarket: boolean): Promise<void> {
  const session = movesMarket ? await VenueSession.openWithMarket(fixture) : await VenueSession.open(fixture);
  const working = session.resting('limit', 5);
  if (hasLimit(fixture)) await session.send(working);
  await fixture.venue.close();
  await fixture.settle();
  const { reports, accounts, statuses } = session.sink;
  check(!session.has(working, 'cancelled'), "close reported 'cancelled': closing never cancels orders.");
  const before = canonical([reports, accounts]);
  const late = session.order();
  const outcome = await session.submit(late);
  check(outcome.kind === 'refused', `A submit after close has to be refused, was ${describeValue(outcome)}.`);
  const cancelled = await session.cancel(working);
  check(cancelled.kind === 'refused', `A cancel after close has to be refused, was ${describeValue(cancelled)}.`);
  if (movesMarket) await session.quote(-9, -8);
  check(canonical([reports, accounts]) === before, 'Reports or account states were delivered after close.');
  check(statuses.at(-1)?.state !== 'connecting', 'After close the venue says that it is connecting.');
  await checkSnapshotIncomplete(fixture, 'after close');
}

async function closesTwice(fixture: VenueFixture): Promise<void> {
  await checkNoThrow(() => fixture.venue.close(), 'close before open');
  await VenueSession.open(fixture);
  await checkNoThrow(() => fixture.venue.close(), 'close');
  await checkNoThrow(() => fixture.venue.close(), 'close, called twice');
}

async function sameAgain(options: VenueContractOptions): Promise<void> {
  const run = async (): Promise<unknown> => {
    const fixture = await options.create();
    try {
      const session = await VenueSession.openWithMarket(fixture);
      const limits = [session.resting('limit', 3), session.resting('limit', 2, { side: 'sell' })];
      const orders = [session.order(), ...(hasLimit(fixture) ? limits : [])];
      for (const order of orders) await session.submit(order);
      await session.quote(-4, -3);
      await session.quote(3, 4);
      return session.sink.reports.map((report) => ({
        ...report,
        clientOrderId: orders.findIndex((order) => order.clientOrderId === report.clientOrderId),
        ...(report.kind === 'filled' ? { fill: { ...report.fill, orderId: '' } } : {}),
      }));
    } finally {
      await fixture.dispose?.();
    }
  };
  checkEqual(await run(), await run(), 'The reports of a second venue in the same market');
}

/** Opening, closing and repeatability: rules 5 and 6. */
export function lifecycleCases(options: VenueContractOptions): readonly CaseOver<VenueFixture>[] {
  const { capabilities } = options;
  const movesMarket = options.movesMarket !== false;
  const simulated = capabilities.simulated === true;
  return [
    {
      id: 'VEN-010',
      title: 'has the capabilities its contribution declares',
      run: ({ venue }) => checkEqual(venue.capabilities, capabilities, 'The capabilities of the instance'),
    },
    { id: 'VEN-020', title: 'refuses orders and cancels before open', run: refusesBeforeOpen },
    {
      id: 'VEN-030',
      title: 'refuses orders after close, delivers nothing more and cancels nothing',
      run: (fixture) => silentAfterClose(fixture, movesMarket),
    },
    { id: 'VEN-040', title: 'may be closed twice, and before it was opened', run: closesTwice },
    {
      id: 'VEN-060',
      title: 'two venues in the same market report the same',
      skip: unless(simulated, 'not declared as simulated') ?? unless(movesMarket, 'the market cannot be moved'),
      run: () => sameAgain(options),
    },
  ];
}
