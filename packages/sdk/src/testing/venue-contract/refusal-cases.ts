import type { OrderType, TimeInForce } from '../../model/order.js';
import { HOUR_MS } from '../../model/time.js';
import { describeValue } from '../canonical.js';
import { check, checkEqual } from '../check.js';
import { unless } from '../contract.js';
import type { CaseOver } from '../contract.js';
import { hasLimit } from './lifecycle-cases.js';
import type { VenueContractOptions, VenueFixture } from './venue-fixture.js';
import { VenueSession } from './venue-session.js';

async function cancelsWorking(fixture: VenueFixture, movesMarket: boolean): Promise<void> {
  const session = movesMarket ? await VenueSession.openWithMarket(fixture) : await VenueSession.open(fixture);
  const order = session.resting('limit', 5);
  await session.send(order);
  const outcome = await session.cancel(order);
  check(outcome.kind === 'sent', `A cancel of a working order should be sent, was ${describeValue(outcome)}.`);
  const kinds = session.sink.kinds(order.clientOrderId);
  check(
    kinds.filter((kind) => kind === 'cancelled').length === 1,
    `Expected one 'cancelled', was ${session.told(order)}.`,
  );
  const { openOrders } = await fixture.venue.snapshot();
  const isOpen = openOrders.items.some((open) => open.clientOrderId === order.clientOrderId);
  check(!isOpen, 'The snapshot still lists a cancelled order.');
  if (movesMarket) await session.quote(-9, -8);
  check(!session.has(order, 'filled'), 'A cancelled order was filled.');
  session.checkLife(order);
}

async function cancelsNothing(fixture: VenueFixture, movesMarket: boolean): Promise<void> {
  const session = movesMarket ? await VenueSession.openWithMarket(fixture) : await VenueSession.open(fixture);
  const never = session.order();
  const done = session.resting('limit', 5);
  if (hasLimit(fixture)) {
    await session.send(done);
    await session.cancel(done);
  }
  for (const order of hasLimit(fixture) ? [never, done] : [never]) {
    const what = order === never ? 'an order never sent' : 'an order cancelled before';
    const outcome = await session.cancel(order);
    const answered = outcome.kind === 'refused' || session.has(order, 'cancel-rejected');
    check(
      answered,
      `Cancelling ${what} needs 'cancel-rejected', was ${describeValue(outcome)}, ${session.told(order)}.`,
    );
    session.checkLife(order);
  }
}

async function refusesDuplicate(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const order = session.order();
  await session.send(order);
  const again = await session.submit({ ...order });
  session.checkLife(order);
  const fills = session.filledQty(order);
  check(fills <= order.qty, `The second submit of an order id filled again: ${fills} units of ${order.qty}.`);
  const rejected = again.kind === 'refused' || session.has(order, 'rejected');
  check(rejected, `The second submit of an order id was answered ${describeValue(again)}, ${session.told(order)}.`);
}

async function refusesUndeclared(
  fixture: VenueFixture,
  fields: { readonly orderType?: OrderType; readonly tif?: TimeInForce },
): Promise<void> {
  const session = await VenueSession.open(fixture);
  const order = session.resting(fields.orderType ?? fixture.venue.capabilities.orderTypes[0] ?? 'market', 3, {
    ...(fields.tif === undefined ? {} : { tif: fields.tif }),
    expiresAt: fixture.clock.nowUtc() + HOUR_MS,
  });
  const outcome = await session.submit(order);
  const what = fields.orderType ?? fields.tif;
  check(
    outcome.kind === 'refused',
    `${what} is not declared and has to be refused before the wire, was ${describeValue(outcome)}.`,
  );
  check(session.sink.of(order.clientOrderId).length === 0, `${what} was refused and reported: ${session.told(order)}.`);
}

async function rejectsBadOrders(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.open(fixture);
  const bad = {
    'an unknown symbol': session.order({ symbol: 'NO-SUCH-SYMBOL' }),
    'a quantity of 0': session.order({ qty: 0 }),
    'a negative quantity': session.order({ qty: -session.qty }),
    'a quantity that is not a number': session.order({ qty: Number.NaN }),
    'a limit order without a price': session.order({ orderType: 'limit' }),
  };
  for (const [what, order] of Object.entries(bad)) {
    session.checkNotTaken(order, await session.submit(order), `An order with ${what} should be refused or rejected`);
  }
}

async function leavesOrdersAlone(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  // Frozen orders go through every path of `submit` elsewhere; here even a write that swallows its error would show.
  const order = { ...session.resting(hasLimit(fixture) ? 'limit' : 'market', 3) };
  const before = { ...order };
  await fixture.venue.submit([order]);
  await fixture.settle();
  await session.quote(-5, -4);
  checkEqual(order, before, 'The order given, after it was sent and filled');
}

const ALL_TYPES: readonly OrderType[] = ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'];
const ALL_TIMES: readonly TimeInForce[] = ['DAY', 'GTC', 'IOC', 'FOK', 'GTD'];

/** Cancels, duplicates and orders not to be taken: rules 1, 8 to 10 and 14. */
export function refusalCases(options: VenueContractOptions): readonly CaseOver<VenueFixture>[] {
  const { capabilities } = options;
  const movesMarket = options.movesMarket !== false;
  const market = unless(movesMarket, 'the market cannot be moved');
  const extraType = ALL_TYPES.find((name) => !capabilities.orderTypes.includes(name));
  const extraTif = ALL_TIMES.find((name) => !capabilities.timeInForce.includes(name));
  return [
    {
      id: 'VEN-130',
      title: 'cancels a working order once and for all',
      skip: unless(capabilities.orderTypes.includes('limit'), 'order type limit is not declared'),
      run: (fixture) => cancelsWorking(fixture, movesMarket),
    },
    {
      id: 'VEN-140',
      title: 'answers cancel-rejected for what is not working',
      run: (fixture) => cancelsNothing(fixture, movesMarket),
    },
    { id: 'VEN-150', title: 'never sends an order id twice', skip: market, run: refusesDuplicate },
    {
      id: 'VEN-160',
      title: 'refuses an order type it does not declare',
      skip: extraType === undefined ? 'all order types are declared' : undefined,
      run: (fixture) => refusesUndeclared(fixture, { orderType: extraType! }),
    },
    {
      id: 'VEN-165',
      title: 'refuses a time in force it does not declare',
      skip: extraTif === undefined ? 'all times in force are declared' : undefined,
      run: (fixture) => refusesUndeclared(fixture, { tif: extraTif! }),
    },
    { id: 'VEN-170', title: 'answers a bad order by refusal or rejection, never by a throw', run: rejectsBadOrders },
    { id: 'VEN-220', title: 'does not change the orders it is given', skip: market, run: leavesOrdersAlone },
  ];
}
