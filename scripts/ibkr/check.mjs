// What the gateway says is true against what the engine believes, at an instant at which nothing moves.
import { toMoney } from '@bookrunner/sdk';
import { ACCOUNT } from './project.mjs';

/** What the engine believes: a look at its kernel's parts. */
export function believed({ portfolio, desk, execution, reconciler }) {
  const [watch] = reconciler.watches;
  const [suspense] = watch.accounts;
  const books = portfolio.books.filter((book) => book !== suspense.book && book.account === suspense.account);
  return {
    state: watch.state,
    liveOrders: [...desk.live()].map(({ clientOrderId }) => clientOrderId),
    executions: execution.save().booked.map(([key]) => ({ id: key.slice(key.indexOf('|') + 1) })),
    positions: watch.slots.map((slot) => ({
      strategy: slot.strategy,
      symbol: slot.instrument.symbol,
      units: slot.state.units(slot.heldScaled),
      isSuspense: suspense.slots.includes(slot),
    })),
    cash: books.reduce((total, book) => total + book.cash('USD'), 0n),
    suspended: suspense.book.cash('USD'),
    unexplained: suspense.unexplained.size,
  };
}

/** What may be wrong; all of it has to be empty. Each entry is one sentence. */
export function compare(truth, engine, { submitted, unallocated, most }) {
  return {
    duplicateOrders: [...duplicates(truth, submitted), ...beyondTarget(truth, most)],
    lostFills: fills(truth, engine),
    bookMismatches: [...orphans(truth, engine), ...books(truth, engine, unallocated)],
    unverified: engine.difference === '' ? [] : [`run ${engine.run}: ${engine.difference}`],
  };
}

export function isFine(findings) {
  return Object.values(findings).every((list) => list.length === 0);
}

/** Every order the gateway ever got has a name of its own, and the engine's journal knows it as sent once. */
function duplicates({ orders }, submitted) {
  const times = countBy(orders.map(({ orderRef }) => idOf(orderRef)));
  const sent = countBy(submitted.map(({ sequence }) => sequence));
  return [
    ...[...times]
      .filter(([, count]) => count > 1)
      .map(([id, count]) => `order ${id} reached the gateway ${count} times`),
    ...[...times.keys()]
      .filter((id) => sent.get(sequenceOf(id)) !== 1)
      .map((id) => `order ${id} is in the journal ${sent.get(sequenceOf(id)) ?? 0} times`),
  ];
}

/** What was executed for a strategy never goes beyond what it ever wants: a second order for one decision would. */
function beyondTarget({ executions, orders }, most) {
  if (most === undefined) return [];
  const strategies = new Map(orders.map(({ permId, orderRef }) => [permId, orderRef.split('|')[1] ?? '']));
  const held = new Map();
  const wrong = [];
  for (const { permId, side, shares, execId } of executions) {
    const strategy = strategies.get(permId);
    held.set(strategy, (held.get(strategy) ?? 0) + (side === 'BOT' ? shares : -shares));
    if (Math.abs(held.get(strategy)) > most) wrong.push(`${strategy} held ${held.get(strategy)} after ${execId}`);
  }
  return wrong;
}

/** Every execution is booked once; nothing is booked that never was. */
function fills({ executions }, engine) {
  const theirs = new Set(
    executions.filter(({ state }) => state !== 'busted').map(({ execId }) => execId.replace(/\.\d+$/, '.01')),
  );
  const booked = countBy(engine.executions.map(({ id }) => id));
  return [
    ...[...theirs]
      .filter((id) => booked.get(id) !== 1)
      .map((id) => `execution ${id} is booked ${booked.get(id) ?? 0} times`),
    ...[...booked.keys()].filter((id) => !theirs.has(id)).map((id) => `execution ${id} is booked and never was`),
  ];
}

/** Every order that works at the gateway is live in the engine, and the other way round. */
function orphans({ orders }, { liveOrders }) {
  const live = new Set(liveOrders);
  const open = orders.filter(({ isLive }) => isLive).map(({ orderRef }) => idOf(orderRef));
  return [
    ...open
      .filter((id) => !live.delete(id))
      .map((id) => `order ${id} works at the gateway and is not live in the engine`),
    ...[...live].map((id) => `order ${id} is live in the engine and does not work at the gateway`),
  ];
}

/** Books and suspense add up to the account; nothing is in suspense but cash that no book has. */
function books(truth, { positions, cash, suspended, unexplained }, unallocated) {
  const wrong = positions
    .filter(({ isSuspense, units }) => isSuspense && units !== 0)
    .map(({ symbol, units }) => `${units} ${symbol} are in suspense`);
  if (unexplained > 0) wrong.push(`${unexplained} positions are not explained`);
  for (const symbol of new Set(positions.map((row) => row.symbol))) {
    const held = sum(positions.filter((row) => row.symbol === symbol).map(({ units }) => units));
    const theirs = sum(truth.positions.filter((row) => symbolOf(row) === symbol).map(({ qty }) => qty));
    if (held !== theirs) wrong.push(`books and suspense hold ${held} ${symbol}, the gateway ${theirs}`);
  }
  const broker = truth.cash[ACCOUNT].USD;
  if (cash + toMoney(unallocated) !== broker)
    wrong.push(`books have ${cash} USD, the gateway ${broker - toMoney(unallocated)} for them`);
  if (suspended !== toMoney(unallocated)) wrong.push(`${suspended} USD are in suspense, not ${unallocated}`);
  return wrong;
}

function symbolOf({ symbol }) {
  return symbol === 'EUR' ? 'EURUSD' : symbol;
}

function idOf(orderRef) {
  return orderRef.slice(0, 16);
}

/** Behind the epoch, see `execution/order-id.ts`. */
function sequenceOf(id) {
  return Number.parseInt(id.slice(8), 36);
}

function countBy(items) {
  const counts = new Map();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
