// What the broker says is true against what the engine believes, at an instant at which nothing moves.
import { toMoney } from '@bookrunner/sdk';
import { MOST_UNITS, UNALLOCATED } from './project.mjs';

/** What may be wrong; all of it has to be empty. Each entry is one sentence. `unallocated` is the account's cash that no book has. */
export function compare(truth, engine, unallocated = UNALLOCATED) {
  return {
    lostFills: fills(truth, engine),
    duplicateOrders: duplicates(truth),
    orphanOrders: orphans(truth, engine),
    bookMismatches: books(truth, engine, unallocated),
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

/** No id twice, and no two orders for one decision: what works for a strategy fits what it can want, and what it holds. */
function duplicates(truth) {
  const twice = truth.duplicates.map((id) => `order ${id} came twice`);
  const working = truth.orders.filter(({ status }) => status === 'working');
  const tooMany = [...positionsOf(truth)].flatMap(([strategy, held]) => {
    const open = working.filter(({ order }) => strategyOf(order.tag) === strategy);
    const isProtection = ({ order }) => order.purpose === 'protection';
    return [
      ...beyondTarget(
        strategy,
        held,
        open.filter((known) => !isProtection(known)),
      ),
      ...beyondPosition(strategy, held, open.filter(isProtection)),
    ];
  });
  return [...twice, ...tooMany];
}

/** What is held, with all that works on one side, never exceeds what the strategy ever wants. */
function beyondTarget(strategy, held, open) {
  const buying = left(open.filter(({ order }) => order.side === 'buy'));
  const selling = left(open.filter(({ order }) => order.side === 'sell'));
  const isBeyond = held + buying > MOST_UNITS || held - selling < -MOST_UNITS;
  return isBeyond ? [`${strategy} holds ${held}, and ${buying} to buy, ${selling} to sell work`] : [];
}

/** Protection closes a position and never opens one; of orders that cancel each other, one counts. */
function beyondPosition(strategy, held, open) {
  const groups = new Map();
  for (const known of open) {
    const { side, ocoGroup, clientOrderId } = known.order;
    const group = ocoGroup === '' ? clientOrderId : ocoGroup;
    const units = side === 'buy' ? left([known]) : -left([known]);
    if (Math.abs(units) > Math.abs(groups.get(group) ?? 0)) groups.set(group, units);
  }
  const after = [...groups.values()].reduce((sum, units) => sum + units, held);
  const isBeyond = groups.size > 0 && (held === 0 || (after !== 0 && Math.sign(after) !== Math.sign(held)));
  return isBeyond ? [`${strategy} holds ${held}, and its protection would make it ${after}`] : [];
}

/** Units not yet filled. */
function left(open) {
  return open.reduce((sum, { qty, filledQty }) => sum + qty - filledQty, 0);
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
function books(truth, { positions, cash, suspense }, unallocated) {
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
  if (suspense.cash !== toMoney(unallocated)) wrong.push(`${suspense.cash} are in suspense, not ${unallocated}`);
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
