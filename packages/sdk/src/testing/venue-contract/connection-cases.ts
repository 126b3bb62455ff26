// What a venue says and does when its connection is lost: alone, and in the middle of an order.
import { describeValue } from '../canonical.js';
import { check } from '../check.js';
import { unless } from '../contract.js';
import type { CaseOver } from '../contract.js';
import { testingError } from '../errors.js';
import type { Order } from '../../model/order.js';
import type { VenueSnapshot } from '../../model/venue-report.js';
import { checkSnapshotIncomplete, hasLimit } from './lifecycle-cases.js';
import type { VenueConnection, VenueContractOptions, VenueFixture } from './venue-fixture.js';
import { VenueSession } from './venue-session.js';

function connectionOf({ connection }: VenueFixture): VenueConnection {
  if (connection !== undefined) return connection;
  throw testingError('CONTRACT_FIXTURE_INCOMPLETE', 'A venue that is no simulator needs `connection` in its fixture.');
}

async function survivesDisconnect(fixture: VenueFixture): Promise<void> {
  const connection = connectionOf(fixture);
  const session = await VenueSession.open(fixture);
  await connection.cut();
  await fixture.settle();
  const { statuses } = session.sink;
  check(statuses.at(-1)?.state !== 'ready', 'The connection was cut, and the last status still is ready.');
  const outcome = await session.submit(session.order());
  check(outcome.kind !== 'sent', "A submit without a connection was answered 'sent'.");
  await connection.restore();
  await fixture.settle();
  check(
    statuses.at(-1)?.state === 'ready',
    `After the connection is back the last status is ${statuses.at(-1)?.state ?? 'none'}.`,
  );
  const next = hasLimit(fixture) ? session.resting('limit', 5) : session.order();
  await session.send(next);
  check(session.has(next, 'accepted'), `An order sent after the reconnect should be accepted: ${session.told(next)}.`);
}

/** Submits an order during which the connection is lost, and has it back. */
async function submitCut(
  session: VenueSession,
  order: Order,
  which: 'cutBeforeWrite' | 'cutAfterWrite',
): Promise<Awaited<ReturnType<VenueSession['submit']>>> {
  const { fixture } = session;
  const connection = connectionOf(fixture);
  if (connection[which] === undefined) {
    throw testingError(
      'CONTRACT_FIXTURE_INCOMPLETE',
      `The suite declares \`cutsCalls\`, and there is no \`${which}\`.`,
    );
  }
  await connection[which]();
  const outcome = await session.submit(order);
  check(
    session.sink.statuses.at(-1)?.state !== 'ready',
    'The connection was lost, and the last status still is ready.',
  );
  await connection.restore();
  await fixture.settle();
  return outcome;
}

/** Orders and executions of an id in a snapshot that has to be complete. */
function shown({ openOrders, executions }: VenueSnapshot, { clientOrderId }: Order): number {
  check(
    openOrders.complete && executions.complete,
    'With the connection back, a snapshot has to be complete in its orders and executions.',
  );
  const orders = openOrders.items.filter((item) => item.clientOrderId === clientOrderId);
  const fills = executions.items.filter((item) => item.orderId === clientOrderId);
  return orders.length + fills.length;
}

async function neverArrives(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.open(fixture);
  const order = session.resting('limit', 5);
  const outcome = await submitCut(session, order, 'cutBeforeWrite');
  check(outcome.kind !== 'sent', "A submit that never reached the venue was answered 'sent'.");
  check(
    shown(await fixture.venue.snapshot(), order) === 0 && !session.has(order, 'accepted', 'filled'),
    `An order that was lost with its connection is at the venue all the same: nothing may be sent anew without being asked. It was answered ${describeValue(outcome)}, and reported was ${session.told(order)}.`,
  );
}

async function arrivesUnheard(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.open(fixture);
  const order = session.resting('limit', 5);
  const outcome = await submitCut(session, order, 'cutAfterWrite');
  check(
    outcome.kind !== 'refused',
    `A submit that reached the venue was answered ${describeValue(outcome)}: 'refused' means that it certainly did not.`,
  );
  const count = shown(await fixture.venue.snapshot(), order);
  check(
    count === 1,
    `An order whose answer was lost is shown ${count} times by the snapshot after it, in place of once.`,
  );
  const again = await session.submit(order);
  session.checkNotTaken(order, again, 'An id that reached the venue was submitted again and has to be refused');
}

async function tellsWhatWasMissed(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const order = session.resting('limit', 5);
  await session.send(order);
  const connection = connectionOf(fixture);
  await connection.cut();
  await session.quote(-9, -8);
  await connection.restore();
  await fixture.settle();
  const { executions, positions } = await fixture.venue.snapshot();
  check(executions.complete && positions.complete, 'With the connection back, a snapshot has to be complete.');
  check(
    executions.items.some(({ orderId }) => orderId === order.clientOrderId),
    'An order filled while the connection was lost, and the executions of the snapshot after it do not show it.',
  );
}

/** A connection that is lost: rules 1, 8 and 13, and the honesty of outcomes. */
export function connectionCases({
  capabilities,
  movesMarket = true,
  cutsCalls = false,
}: VenueContractOptions): readonly CaseOver<VenueFixture>[] {
  const skip = capabilities.simulated === true ? 'a declared simulator has no connection' : undefined;
  const needsLimit = unless(capabilities.orderTypes.includes('limit'), 'limit orders are not declared');
  const needsCut = unless(cutsCalls, 'the fixture cannot cut in the middle of a call');
  return [
    {
      id: 'VEN-050',
      title: 'says when the connection is lost, sends nothing then, and recovers',
      skip,
      run: survivesDisconnect,
    },
    {
      id: 'VEN-052',
      title: 'does not send an order anew that was lost with its connection',
      skip: skip ?? needsCut ?? needsLimit,
      run: neverArrives,
    },
    {
      id: 'VEN-054',
      title: 'does not call an order refused that reached the venue, and shows it when it is back',
      skip: skip ?? needsCut ?? needsLimit,
      run: arrivesUnheard,
    },
    {
      id: 'VEN-056',
      title: 'calls no snapshot complete while the connection is lost',
      skip,
      run: async (fixture) => {
        await VenueSession.open(fixture);
        await connectionOf(fixture).cut();
        await fixture.settle();
        await checkSnapshotIncomplete(fixture, 'without a connection');
      },
    },
    {
      id: 'VEN-058',
      title: 'shows in its snapshot what was executed while the connection was lost',
      skip: skip ?? needsLimit ?? unless(movesMarket, 'the market cannot be moved'),
      run: tellsWhatWasMissed,
    },
  ];
}
