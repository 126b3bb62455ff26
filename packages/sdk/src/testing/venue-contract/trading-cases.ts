import type { OrderType, TimeInForce } from '../../model/order.js';
import { HOUR_MS } from '../../model/time.js';
import { canonical, describeValue } from '../canonical.js';
import { check, checkEqual } from '../check.js';
import { unless } from '../contract.js';
import type { CaseOver } from '../contract.js';
import { testingError } from '../errors.js';
import { hasLimit } from './lifecycle-cases.js';
import type { VenueContractOptions, VenueFixture } from './venue-fixture.js';
import { VenueSession } from './venue-session.js';

async function fillsMarket(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const order = session.order();
  await session.send(order);
  session.checkFilled(order, 'A market order should fill');
  for (const report of session.sink.of(order.clientOrderId)) {
    if (report.kind !== 'filled') continue;
    const { fill } = report;
    const told = [fill.orderId, fill.symbol, fill.side, fill.tag];
    checkEqual(
      told,
      [order.clientOrderId, order.symbol, order.side, order.tag],
      'Order, symbol, side and tag of the fill',
    );
    check(
      Number.isFinite(fill.price) && Number.isFinite(fill.fee),
      `A fill needs price and fee: ${describeValue(fill)}.`,
    );
    check(fill.executionId !== '', 'A fill needs an execution id.');
  }
}

async function restsAndFills(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const order = session.resting('limit', 3);
  await session.send(order);
  session.checkWorking(order, 'A limit order below the market should work');
  await session.quote(-2, -1);
  session.checkWorking(order, 'A limit order that the market has not reached should work');
  await session.quote(-5, -4);
  session.checkFilled(order, 'A limit order that the market passed should fill');
  const worst = session.at(-3);
  for (const report of session.sink.of(order.clientOrderId)) {
    if (report.kind === 'filled')
      check(report.fill.price <= worst, `A buy limited to ${worst} filled at ${report.fill.price}.`);
  }
}

async function triggersStop(fixture: VenueFixture, orderType: OrderType): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const order = session.resting(orderType, 4);
  await session.send(order);
  session.checkWorking(order, `A ${orderType} order away from the market should work`);
  await session.quote(4, 5);
  session.checkFilled(order, `A ${orderType} order whose price was reached should fill`);
}

async function trails(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const held = session.order();
  await session.send(held);
  const order = session.resting('trailing-stop', 4, { side: 'sell', purpose: 'protection' });
  await session.send(order);
  await session.quote(10, 11);
  await session.quote(7, 8);
  session.checkWorking(order, 'A trailing stop 4 steps behind a high of 10 should still work at 7');
  await session.quote(6, 7);
  session.checkFilled(order, 'A trailing stop 4 steps behind a high of 10 should fill at 6');
}

async function isImmediate(fixture: VenueFixture, tif: 'IOC' | 'FOK'): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const order = session.resting('limit', 3, { tif });
  await session.send(order);
  check(
    session.has(order, 'cancelled', 'expired', 'rejected'),
    `An ${tif} order that cannot fill has to end at once: ${session.told(order)}.`,
  );
  await session.quote(-9, -8);
  check(!session.has(order, 'filled'), `An ${tif} order waited and filled later.`);
  const ready = session.order({ orderType: 'limit', limitPrice: session.at(0), tif });
  await session.send(ready);
  session.checkFilled(ready, `An ${tif} order inside the market should fill`);
}

async function expires(fixture: VenueFixture): Promise<void> {
  const { clock } = fixture;
  if (clock.advance === undefined) {
    throw testingError(
      'CONTRACT_FIXTURE_INCOMPLETE',
      'The suite declares `movesClock`, and the clock has no `advance`.',
    );
  }
  const session = await VenueSession.openWithMarket(fixture);
  const order = session.resting('limit', 5, { tif: 'GTD', expiresAt: clock.nowUtc() + HOUR_MS });
  await session.send(order);
  await clock.advance(HOUR_MS - 1000);
  await fixture.settle();
  session.checkWorking(order, 'A GTD order should work until its end');
  await clock.advance(2000);
  await fixture.settle();
  check(session.has(order, 'expired', 'cancelled'), `A GTD order has to end at its time: ${session.told(order)}.`);
  await session.quote(-9, -8);
  check(!session.has(order, 'filled'), 'An expired order was filled.');
}

async function sellsShortOnlyIfDeclared(fixture: VenueFixture, declared: boolean): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  const order = session.order({ side: 'sell' });
  const outcome = await session.submit(order);
  if (declared) session.checkFilled(order, 'A short sale is declared and should fill');
  else session.checkNotTaken(order, outcome, 'A short sale is not declared and should be refused or rejected');
}

async function keepsTimeAndIds(fixture: VenueFixture): Promise<void> {
  const session = await VenueSession.openWithMarket(fixture);
  for (const side of ['buy', 'sell'] as const) {
    await session.send(session.order({ side }));
    if (hasLimit(fixture)) {
      const resting = session.resting('limit', 4);
      await session.send(resting);
      await session.cancel(resting);
    }
    await session.quote(1, 2);
  }
  const times = session.sink.reports.map((report) => report.ts);
  for (let i = 1; i < times.length; i += 1) {
    check(
      times[i]! >= times[i - 1]!,
      `Report ${i + 1} is of ${times[i]}, before the one ahead of it, ${times[i - 1]}.`,
    );
  }
  const ids = session.sink.reports.flatMap((report) => (report.kind === 'filled' ? [report.fill.executionId] : []));
  check(new Set(ids).size === ids.length, `Execution ids repeat: ${canonical(ids)}.`);
}

/** Single orders that trade: rules 1 to 4, 12 and 15. */
export function tradingCases(options: VenueContractOptions): readonly CaseOver<VenueFixture>[] {
  const { capabilities } = options;
  const market = unless(options.movesMarket !== false, 'the market cannot be moved');
  const type = (orderType: OrderType): string | undefined =>
    market ?? unless(capabilities.orderTypes.includes(orderType), `order type ${orderType} is not declared`);
  return [
    { id: 'VEN-100', title: 'accepts a market order, then fills it whole', skip: type('market'), run: fillsMarket },
    {
      id: 'VEN-110',
      title: 'lets a limit order rest, and fills it at its limit or better',
      skip: type('limit'),
      run: restsAndFills,
    },
    { id: 'VEN-120', title: 'triggers a stop', skip: type('stop'), run: (fixture) => triggersStop(fixture, 'stop') },
    {
      id: 'VEN-122',
      title: 'triggers a stop-limit',
      skip: type('stop-limit'),
      run: (fixture) => triggersStop(fixture, 'stop-limit'),
    },
    { id: 'VEN-124', title: 'trails a stop behind the market', skip: type('trailing-stop'), run: trails },
    ...timeInForceCases(options),
    {
      id: 'VEN-200',
      title: 'sells short if it declares so, and only then',
      skip: market,
      run: (fixture) => sellsShortOnlyIfDeclared(fixture, capabilities.shortSale === true),
    },
    {
      id: 'VEN-210',
      title: 'report times never run backwards, execution ids never repeat',
      skip: type('market'),
      run: keepsTimeAndIds,
    },
  ];
}

function timeInForceCases(options: VenueContractOptions): readonly CaseOver<VenueFixture>[] {
  const { capabilities } = options;
  const limit =
    unless(options.movesMarket !== false, 'the market cannot be moved') ??
    unless(capabilities.orderTypes.includes('limit'), 'order type limit is not declared');
  const tif = (name: TimeInForce): string | undefined =>
    limit ?? unless(capabilities.timeInForce.includes(name), `time in force ${name} is not declared`);
  return [
    {
      id: 'VEN-180',
      title: 'ends IOC orders at once',
      skip: tif('IOC'),
      run: (fixture) => isImmediate(fixture, 'IOC'),
    },
    {
      id: 'VEN-185',
      title: 'ends FOK orders at once',
      skip: tif('FOK'),
      run: (fixture) => isImmediate(fixture, 'FOK'),
    },
    {
      id: 'VEN-190',
      title: 'ends GTD orders at their time',
      skip: tif('GTD') ?? unless(options.movesClock, 'the clock cannot be moved'),
      run: expires,
    },
  ];
}
