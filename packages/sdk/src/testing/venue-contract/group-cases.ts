import type { Order } from '../../model/order.js';
import { fromScaled, toScaled } from '../../model/rounding.js';
import { canonical, describeValue } from '../canonical.js';
import { check, checkEqual, checkNoThrow } from '../check.js';
import { unless } from '../contract.js';
import type { CaseOver } from '../contract.js';
import { hasLimit } from './lifecycle-cases.js';
import type { VenueContractOptions, VenueFixture } from './venue-fixture.js';
import { VenueSession } from './venue-session.js';

async function groupIsAtomic(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.open(fixture);
  const good = session.resting(hasLimit(fixture) ? 'limit' : 'market', 5);
  const bad = session.order({ qty: -session.qty });
  const outcome = await session.submit(good, bad);
  session.checkNotTaken(good, outcome, 'A good order in a group with a bad one should not be sent');
  const { openOrders } = await fixture.venue.snapshot();
  const isOpen = openOrders.items.some((open) => open.clientOrderId === good.clientOrderId);
  check(!isOpen, 'One order of a group with a bad order is open at the venue.');
}

/** A position of one order, protected by a limit above and a stop below that cancel each other. */
async function protectedPosition(
  fixture: VenueFixture,
): Promise<{ session: VenueSession; profit: Order; loss: Order }> {
  const session = await VenueSession.openWithMarket(fixture);
  const entry = session.order();
  await session.send(entry);
  session.checkFilled(entry, 'The entry should fill');
  const common = { side: 'sell', purpose: 'protection', ocoGroup: 'suite-oco' } as const;
  const profit = session.resting('limit', 6, common);
  const loss = session.resting('stop', 6, common);
  await session.send(profit, loss);
  for (const order of [profit, loss]) session.checkWorking(order, 'Both orders of the OCO group should work');
  return { session, profit, loss };
}

async function ocoCancelsOther(fixture: VenueFixture, winner: 'profit' | 'loss'): Promise<void> {
  const { session, profit, loss } = await protectedPosition(fixture);
  if (winner === 'profit') await session.quote(7, 8);
  else await session.quote(-8, -7);
  const [filled, other] = winner === 'profit' ? [profit, loss] : [loss, profit];
  session.checkFilled(filled, `The ${filled.orderType} order of the group was reached and should fill`);
  check(session.has(other, 'cancelled'), `The other order of the group should be cancelled: ${session.told(other)}.`);
  await session.quote(-20, -19);
  await session.quote(20, 21);
  check(session.filledQty(other) === 0, 'Both orders of an OCO group filled.');
  session.checkLife(other);
}

async function bracketStarts(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const { parent, profit, loss } = bracket(session);
  await session.send(parent, profit, loss);
  await session.quote(9, 10);
  check(session.filledQty(profit) === 0, 'A child of a bracket filled before its parent.');
  await session.quote(-5, -4);
  session.checkFilled(parent, 'The parent of the bracket should fill');
  check(session.filledQty(loss) === 0, 'The stop of the bracket filled before its price was reached.');
  await session.quote(7, 8);
  session.checkFilled(profit, 'The take-profit of a filled parent should fill');
  check(session.has(loss, 'cancelled'), `The stop should be cancelled with it: ${session.told(loss)}.`);
}

async function bracketEndsWithParent(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const { parent, profit, loss } = bracket(session);
  await session.send(parent, profit, loss);
  await session.cancel(parent);
  check(session.has(parent, 'cancelled'), `The parent should be cancelled: ${session.told(parent)}.`);
  await session.quote(20, 21);
  await session.quote(-20, -19);
  for (const child of [profit, loss]) {
    check(session.filledQty(child) === 0, 'A child of a cancelled bracket filled.');
    check(
      session.has(child, 'cancelled', 'rejected'),
      `A child of a cancelled bracket has to end: ${session.told(child)}.`,
    );
  }
}

function bracket(session: VenueSession): { parent: Order; profit: Order; loss: Order } {
  const parent = session.resting('limit', 3);
  const child = {
    side: 'sell',
    purpose: 'protection',
    parentId: parent.clientOrderId,
    ocoGroup: 'suite-bracket',
  } as const;
  return { parent, profit: session.resting('limit', 6, child), loss: session.resting('stop', 16, child) };
}

async function replaces(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const order = session.resting('limit', 9);
  await session.send(order);
  const limitPrice = session.at(-3);
  const outcome = await session.replace(order, { limitPrice });
  check(outcome.kind === 'sent', `A replace of a working order should be sent, was ${describeValue(outcome)}.`);
  const replaced = session.sink.of(order.clientOrderId).find((report) => report.kind === 'replaced');
  check(replaced?.kind === 'replaced', `Expected 'replaced', was ${session.told(order)}.`);
  checkEqual([replaced.limitPrice, replaced.qty], [limitPrice, order.qty], 'Limit and quantity after the replace');
  await session.quote(-5, -4);
  session.checkFilled(order, 'The replaced order should fill at its new limit');
}

async function keepsTrailingLevel(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const [first, second] = [session.order(), session.order()];
  await session.send(first);
  await session.send(second);
  const order = session.resting('trailing-stop', 4, { side: 'sell', purpose: 'protection' });
  await session.send(order);
  await session.quote(10, 11);
  await session.quote(8, 9);
  const outcome = await session.replace(order, { qty: order.qty * 2 });
  // A venue that cannot do this says so, and the engine sends the order anew.
  if (outcome.kind === 'refused' || session.has(order, 'replace-rejected')) return;
  session.checkWorking(order, 'A trailing stop 4 steps behind a high of 10 should still work at 8 with more quantity');
  await session.quote(6, 7);
  checkEqual(
    session.filledQty(order),
    order.qty * 2,
    'Units filled at 6 by a trailing stop 4 steps behind a high of 10',
  );
}

async function replacesNothing(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const never = session.order({ orderType: 'limit', limitPrice: session.at(-3) });
  const outcome = await session.replace(never, { limitPrice: session.at(-2) });
  const answered = outcome.kind === 'refused' || session.has(never, 'replace-rejected');
  check(answered, `Replacing an order never sent was answered ${describeValue(outcome)}, ${session.told(never)}.`);
}

async function refusesReplace(fixture: VenueFixture, movesMarket: boolean): Promise<void> {
  const session = movesMarket ? await VenueSession.openWithMarket(fixture) : await VenueSession.open(fixture);
  if (fixture.venue.replace === undefined) return;
  const order = session.resting(hasLimit(fixture) ? 'limit' : 'market', 5);
  await session.send(order);
  const outcome = await session.replace(order, { limitPrice: session.at(-4) });
  check(outcome.kind === 'refused', `Replace is not declared and has to be refused, was ${describeValue(outcome)}.`);
}

async function snapshotTellsAll(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  await session.send(session.order());
  const working = hasLimit(fixture) ? [session.resting('limit', 5)] : [];
  for (const order of working) await session.send(order);
  const { positions, openOrders, executions, accounts } = await checkNoThrow(
    () => fixture.venue.snapshot(),
    'snapshot',
  );
  const { symbol, quantityDecimals } = fixture.instrument;
  for (const [name, part] of Object.entries({ positions, openOrders, executions, accounts })) {
    check(part.complete, `In a ready session with nothing unknown, ${name} should be complete.`);
    check(part.since <= part.asOf, `The times of ${name} are since ${part.since}, as of ${part.asOf}.`);
  }
  let held = 0;
  for (const position of positions.items)
    if (position.symbol === symbol) held += toScaled(position.qty, quantityDecimals);
  check(
    fromScaled(held, quantityDecimals) === session.qty,
    `It holds ${session.qty} units; the snapshot says ${canonical(positions.items)}.`,
  );
  const open = openOrders.items.map((item) => [item.clientOrderId, item.leavesQty, item.tag]);
  const expected = working.map((order) => [order.clientOrderId, order.qty, order.tag]);
  checkEqual(open, expected, 'The open orders of the snapshot');
  const reported = session.sink.reports.flatMap((report) =>
    report.kind === 'filled' ? [report.fill.executionId] : [],
  );
  checkEqual(
    executions.items.map((fill) => fill.executionId),
    reported,
    'The executions of the snapshot',
  );
  check(accounts.items.length > 0, 'The snapshot has no account.');
}

/** Groups, replaces and snapshots: rules 7, 11 and 13. */
export function groupCases(options: VenueContractOptions): readonly CaseOver<VenueFixture>[] {
  const { capabilities } = options;
  const movesMarket = options.movesMarket !== false;
  const market = unless(movesMarket, 'the market cannot be moved');
  const limit = market ?? unless(capabilities.orderTypes.includes('limit'), 'order type limit is not declared');
  const stop = limit ?? unless(capabilities.orderTypes.includes('stop'), 'order type stop is not declared');
  const oco = stop ?? unless(capabilities.oco, 'oco is not declared');
  const bracketSkip = stop ?? unless(capabilities.bracket, 'bracket is not declared');
  return [
    { id: 'VEN-300', title: 'sends a group whole or not at all', run: groupIsAtomic },
    {
      id: 'VEN-310',
      title: 'OCO: a filled limit cancels the stop',
      skip: oco,
      run: (fixture) => ocoCancelsOther(fixture, 'profit'),
    },
    {
      id: 'VEN-315',
      title: 'OCO: a filled stop cancels the limit',
      skip: oco,
      run: (fixture) => ocoCancelsOther(fixture, 'loss'),
    },
    {
      id: 'VEN-320',
      title: 'starts the children of a bracket with the parent’s fill',
      skip: bracketSkip,
      run: bracketStarts,
    },
    {
      id: 'VEN-325',
      title: 'ends the children of a bracket with its parent',
      skip: bracketSkip,
      run: bracketEndsWithParent,
    },
    ...replaceCases(options),
    {
      id: 'VEN-350',
      title: 'a snapshot tells positions, open orders, executions and accounts',
      skip: market,
      run: snapshotTellsAll,
    },
  ];
}

function replaceCases(options: VenueContractOptions): readonly CaseOver<VenueFixture>[] {
  const { capabilities } = options;
  const movesMarket = options.movesMarket !== false;
  const replace =
    unless(movesMarket, 'the market cannot be moved') ??
    unless(capabilities.orderTypes.includes('limit'), 'order type limit is not declared') ??
    unless(capabilities.replace, 'replace is not declared');
  return [
    { id: 'VEN-330', title: 'replaces a working order', skip: replace, run: replaces },
    {
      id: 'VEN-332',
      title: 'keeps the level of a trailing stop whose quantity alone changes',
      skip:
        replace ??
        unless(capabilities.orderTypes.includes('trailing-stop'), 'order type trailing-stop is not declared') ??
        unless(capabilities.orderTypes.includes('market'), 'order type market is not declared'),
      run: keepsTrailingLevel,
    },
    { id: 'VEN-335', title: 'answers replace-rejected for what is not working', skip: replace, run: replacesNothing },
    {
      id: 'VEN-340',
      title: 'refuses a replace it does not declare',
      skip: capabilities.replace === true ? 'replace is declared' : undefined,
      run: (fixture) => refusesReplace(fixture, movesMarket),
    },
  ];
}
