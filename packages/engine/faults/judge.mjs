// What a session has to show at its end: its books, the truth of its venue, and everything in which the two do not agree.
import { moneyToNumber } from '@bookrunner/sdk';

const ACCOUNT = 'main';
/** Alarms that say a report made no sense: only some faults explain them. */
const BUGS = new Set([
  'ORDER_IMPOSSIBLE_REPORT',
  'ORDER_NOT_LIVE',
  'BROKER_REPORT_DAMAGED',
  'BROKER_SNAPSHOT_DAMAGED',
  'STRATEGY_STOPPED',
  'FAULT',
]);

/** Positions and cash of each book, exactly, and of the suspense book; and what is still open, without names that differ from run to run. */
export function booksOf(kernel) {
  const { portfolio, execution, desk, reconciler } = kernel.parts;
  const books = Object.fromEntries(
    portfolio.books.map((book) => [book.name, { cash: String(book.cash('USD')), positions: {} }]),
  );
  for (const slot of execution.slots) {
    const { holding } = slot.position;
    if (books[slot.book] === undefined || (holding.qtyScaled === 0 && holding.realised === 0n)) continue;
    const key = `${slot.strategy} ${slot.instrument.symbol}`;
    books[slot.book].positions[key] = {
      qty: holding.qtyScaled,
      cost: String(holding.cost),
      realised: String(holding.realised),
      fees: String(holding.fees),
    };
  }
  const suspense = reconciler.watches.flatMap(({ accounts }) => accounts.map(suspenseOf));
  return { books, suspense, open: [...desk.live()].map(describe).toSorted() };
}

function suspenseOf({ account, book, slots, unexplained }) {
  const held = slots.filter(({ heldScaled }) => heldScaled !== 0);
  return {
    account,
    cash: String(book.cash('USD')),
    held: held.map(({ instrument, heldScaled }) => [instrument.symbol, heldScaled]),
    frozen: [...unexplained],
  };
}

function describe({ owner, symbol, side, orderType, qty, limitPrice, stopPrice, filledScaled }) {
  return `${owner.strategy}: ${side} ${qty} ${symbol} ${orderType} ${limitPrice} ${stopPrice}, filled ${filledScaled}`;
}

/** What the venue really has, asked behind the faults; its executions under the names it told them by. */
export async function truthOf({ paper, venue, wired }) {
  const { positions, openOrders, accounts } = await paper.snapshot();
  await venue.settle();
  const told = await venue.snapshot();
  return {
    positions: Object.fromEntries(positions.items.map(({ symbol, qty }) => [symbol, qty])),
    open: openOrders.items.map(({ clientOrderId }) => clientOrderId).toSorted((a, b) => a.localeCompare(b)),
    told: told.executions.items.map(({ executionId }) => executionId),
    cash: accounts.items[0].cash,
    twice: wired.twice,
  };
}

/** All in which a session is not as it has to be. */
export function faultsOf({ bench, truth }, { result, replayed }) {
  const { kernel, notices } = bench;
  const { execution, desk, reconciler } = kernel.parts;
  const booked = new Map(execution.executions.save().booked);
  const idOf = (key) => key.slice(key.indexOf('|') + 1);
  const known = [...booked].filter(([, { slot }]) => slot >= 0).map(([key]) => idOf(key));
  const lost = truth.told.filter((id) => !known.includes(id));
  const invented = known.filter((id) => !truth.told.includes(id));
  const { twice } = truth;
  const live = [...desk.live()].map(({ clientOrderId }) => clientOrderId).toSorted((a, b) => a.localeCompare(b));
  const bugs = notices.filter(({ code }) => BUGS.has(code));
  const frozen = reconciler.watches.flatMap(({ accounts }) =>
    accounts.flatMap(({ unexplained }) => [...unexplained.keys()]),
  );
  const isReplayed = replayed.isSame && replayed.hash === result.decisionHash;
  const wrong = [
    ...lost.map((id) => `execution ${id} of the venue is in no book`),
    ...invented.map((id) => `execution ${id} in the books is none of the venue`),
    ...twice.map((id) => `order ${id} was submitted twice`),
    ...positionFaults(execution.slots, truth),
    ...cashFaults(kernel, truth),
    ...(String(live) === String(truth.open)
      ? []
      : [`open at the venue ${truth.open.join(' ')}, live here ${live.join(' ')}`]),
    ...[...desk.live()]
      .filter(({ status }) => status !== 'working')
      .map(({ clientOrderId, status }) => `order ${clientOrderId} is still ${status}`),
    ...(isReplayed ? [] : ['a replay of the journal decides otherwise']),
    ...(frozen.length === 0 || notices.some(({ code }) => code === 'SYMBOL_FROZEN')
      ? []
      : ['a symbol is frozen without a report']),
  ];
  return { lost, invented, twice, frozen, bugs, wrong, isReplayed };
}

function positionFaults(slots, { positions }) {
  const sums = {};
  for (const slot of slots) {
    const { symbol } = slot.instrument;
    sums[symbol] = (sums[symbol] ?? 0) + slot.heldScaled;
  }
  const unitsOf = Object.fromEntries(
    slots.map(({ state, instrument: { symbol } }) => [symbol, (scaled) => state.units(scaled)]),
  );
  return Object.entries(sums)
    .map(([symbol, scaled]) => [symbol, unitsOf[symbol](scaled), positions[symbol] ?? 0])
    .filter(([, books, venue]) => books !== venue)
    .map(([symbol, books, venue]) => `books and suspense hold ${books} ${symbol}, the venue has ${venue}`);
}

/** All cash in the books is the venue's, to the last unit that a number shows. */
function cashFaults({ parts: { portfolio, reconciler } }, { cash }) {
  const books = portfolio.books.filter(({ account }) => account === ACCOUNT);
  const suspense = reconciler.watches.flatMap(({ accounts }) => accounts.map(({ book }) => book));
  const sum = [...new Set([...books, ...suspense])].reduce((total, book) => total + book.cash('USD'), 0n);
  const shown = moneyToNumber(sum);
  return Math.abs(shown - cash) < 1e-6 ? [] : [`books and suspense have ${shown} USD, the venue ${cash}`];
}
