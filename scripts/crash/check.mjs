// What the broker says is true against what the engine believes, at an instant at which nothing moves.
import { toMoney } from '@bookrunner/sdk';
import { MOST_UNITS, UNALLOCATED } from './project.mjs';

/** What may be wrong; all of it has to be empty. Each entry is one sentence. */
export function compare(truth, engine) {
  return {
    lostFills: fills(truth, engine),
    duplicateOrders: duplicates(truth),
    orphanOrders: orphans(truth, engine),
    bookMismatches: books(truth, engine),
    unverifiedStates: engine.difference === '' ? [] : [`run ${engine.run}: ${engine.difference}`],
  };
}

/** Whether nothing is wrong. */
export function isFine(findings) {
  return Object.values(findings).every((list) => list.length === 0);
}

/** Every execution is booked, with its sign and size; nothing is booked that never was. */
function fills({ executions }, engine) {
  const booked = new Map(engine.executions.map(({ id, units }) => [id, units]));
  const missing = executions.flatMap(({ executionId, side, qty }) => {
    const units = side === 'buy' ? qty : -qty;
    const found = booked.get(executionId);
    booked.delete(executionId);
    return found === units ? [] : [`execution ${executionId} of ${units} is booked as ${found}`];
  });
  return [...missing, ...[...booked.keys()].map((id) => `execution ${id} is booked and never was`)];
}

/** No id twice; and what a strategy holds, and will with what works for it, never exceeds what it ever wants. */
function duplicates(truth) {
  const twice = truth.duplicates.map((id) => `order ${id} came twice`);
  const orders = truth.orders.filter(({ status }) => status === 'working');
  const beyond = [...positionsOf(truth)].flatMap(([strategy, held]) => {
    const open = orders.filter(({ order }) => strategyOf(order.tag) === strategy && order.purpose !== 'protection');
    const left = (side) =>
      open.filter(({ order }) => order.side === side).reduce((sum, { qty, filledQty }) => sum + qty - filledQty, 0);
    const isBeyond = held + left('buy') > MOST_UNITS || held - left('sell') < -MOST_UNITS;
    return isBeyond ? [`${strategy} holds ${held}, and ${left('buy')} to buy, ${left('sell')} to sell work`] : [];
  });
  return [...twice, ...beyond];
}

/** Every order that works at the broker is live in the engine, and the other way round. */
function orphans({ openOrders }, { liveOrders }) {
  const live = new Set(liveOrders);
  const unknown = openOrders.filter(({ clientOrderId }) => !live.delete(clientOrderId));
  return [
    ...unknown.map(({ clientOrderId }) => `order ${clientOrderId} works at the broker and is not live in the engine`),
    ...[...live].map((id) => `order ${id} is live in the engine and does not work at the broker`),
  ];
}

/** Books and suspense add up to the account, to the last unit, and nothing is in suspense but cash that no book has. */
function books(truth, { positions, cash, suspense }) {
  const wrong = [];
  const theirs = positionsOf(truth);
  for (const { strategy, units } of positions) {
    const executed = theirs.get(strategy) ?? 0;
    if (executed !== units) wrong.push(`${strategy} holds ${units}, and ${executed} were executed for it`);
  }
  const held = positions.reduce((sum, { units }) => sum + units, suspense.units);
  const broker = truth.positions.reduce((sum, { qty }) => sum + qty, 0);
  if (held !== broker) wrong.push(`books and suspense hold ${held}, the broker ${broker}`);
  const [account] = Object.values(truth.cash);
  if (cash + suspense.cash !== toMoney(account)) {
    wrong.push(`books and suspense have ${cash + suspense.cash}, the broker ${toMoney(account)}`);
  }
  if (suspense.cash !== toMoney(UNALLOCATED)) wrong.push(`${suspense.cash} are in suspense, not ${UNALLOCATED}`);
  if (suspense.units !== 0 || suspense.unexplained > 0) wrong.push(`${suspense.units} units are in suspense`);
  return wrong;
}

/** Units by strategy, as executed. */
function positionsOf({ executions }) {
  const held = new Map();
  for (const { tag, side, qty } of executions) {
    const strategy = strategyOf(tag);
    held.set(strategy, (held.get(strategy) ?? 0) + (side === 'buy' ? qty : -qty));
  }
  return held;
}

function strategyOf(tag) {
  return tag.slice(0, tag.indexOf('|'));
}
