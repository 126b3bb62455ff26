import type { EpochMs, Fill, OrderChange } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import { simulatedVenueError } from './errors.js';
import type { ExecutionLog } from './execution-log.js';
import type { Executions } from './executions.js';
import type { InstrumentSlot } from './instrument-slot.js';
import type { OrderEntry } from './order-entry.js';
import type { RequestQueue, VenueRequest } from './request-queue.js';
import type { RestingOrder } from './resting-order.js';
import { SequenceSet } from './sequence-set.js';
import type { SavedAccount } from './venue-account.js';
import type { VenueAccounts } from './venue-accounts.js';
import type { WorkingOrders } from './working-orders.js';

/** A number in JSON: text where JSON has no number for it. */
export type SavedNumber = number | 'NaN' | 'Infinity' | '-Infinity';

/** Names an order across a restart. */
export interface SavedOrderRef {
  readonly runEpoch: string;
  readonly sequence: number;
  /** Of a request on its way: its order may be over by now, and the venue has yet to say that it does not work. */
  readonly instrumentIndex?: number;
}

/** Finds the record of a saved order; undefined where it is not known. */
export type OrderOf = (ref: SavedOrderRef) => OrderRecord | undefined;

const ORDER_NUMBERS = [
  'qty',
  'baseQty',
  'active',
  'filled',
  'released',
  'limitPrice',
  'stopPrice',
  'expiresAt',
  'workingSince',
  'bornEvent',
  'reference',
  'triggeredEvent',
  'feeQty',
  'feeValue',
  'feeCharged',
] as const satisfies readonly (keyof RestingOrder)[];
/** Integers at the instrument's `quantityDecimals`. */
const ORDER_QUANTITIES: readonly (typeof ORDER_NUMBERS)[number][] = ['qty', 'baseQty', 'active', 'filled', 'released'];
const ORDER_FLAGS = [
  'isBornInRange',
  'isTriggered',
  'hasRested',
  'isExpiryDue',
] as const satisfies readonly (keyof RestingOrder)[];
const ORDER_LINKS = [
  'ocoNext',
  'parent',
  'firstChild',
  'nextSibling',
] as const satisfies readonly (keyof RestingOrder)[];
const SLOT_NUMBERS = [
  'last',
  'lastTs',
  'bid',
  'ask',
  'buyVolume',
  'sellVolume',
  'takenScaled',
  'barStart',
  'barEnd',
  'nextRoll',
] as const satisfies readonly (keyof InstrumentSlot)[];
const SLOT_FLAGS = ['isInBar', 'isRollDue', 'isExpiryDue'] as const satisfies readonly (keyof InstrumentSlot)[];

/** A working order: numbers and flags in the order of the lists above; links are places among all saved orders, -1 for none. */
interface SavedResting extends SavedOrderRef {
  readonly account: string;
  readonly numbers: readonly SavedNumber[];
  readonly flags: readonly boolean[];
  readonly links: readonly number[];
}

export interface SavedSlot {
  readonly symbol: string;
  readonly numbers: readonly SavedNumber[];
  readonly flags: readonly boolean[];
  readonly resting: readonly SavedResting[];
}

interface SavedRequest {
  readonly kind: VenueRequest['kind'];
  readonly due: EpochMs;
  readonly orders: readonly SavedOrderRef[];
  readonly change?: OrderChange;
}

/** The state of a simulated venue as plain JSON. */
export interface SavedVenue {
  readonly version: 1;
  readonly now: SavedNumber;
  readonly event: number;
  readonly births: number;
  readonly executionNumber: number;
  readonly slots: readonly SavedSlot[];
  readonly accounts: readonly SavedAccount[];
  readonly seen: readonly (readonly [string, readonly (readonly [number, number])[]])[];
  readonly queue: readonly SavedRequest[];
  readonly executions: { readonly fills: readonly Fill[]; readonly droppedTs: SavedNumber };
}

/** The parts of a venue that have a state. */
export interface StateParts {
  readonly orders: WorkingOrders;
  readonly accounts: VenueAccounts;
  readonly executions: Executions;
  readonly entry: OrderEntry;
  readonly queue: RequestQueue;
  readonly log: ExecutionLog;
}

/** The state of a venue between two of its methods. */
export function saveVenue(parts: StateParts): SavedVenue {
  const { orders, accounts, executions, entry, queue, log } = parts;
  const places = new Map(orders.slots.flatMap((slot) => slot.resting).map((resting, place) => [resting, place]));
  return {
    version: 1,
    now: toSaved(orders.now),
    event: orders.event,
    births: orders.births,
    executionNumber: executions.executionNumber,
    slots: orders.slots.map((slot) => ({
      symbol: slot.instrument.symbol,
      numbers: SLOT_NUMBERS.map((key) => toSaved(slot[key])),
      flags: SLOT_FLAGS.map((key) => slot[key]),
      resting: slot.resting.map((resting) => saveResting(resting, places)),
    })),
    accounts: accounts.list.map((account) => account.save()),
    seen: [...entry.seen].map(([epoch, set]) => [epoch, set.toRanges()]),
    queue: queue.list().map(saveRequest),
    executions: { fills: log.list(), droppedTs: toSaved(log.droppedTs) },
  };
}

/** Takes over a saved state. Errors: SIMULATED_VENUE_STATE_INVALID. */
export function loadVenue(parts: StateParts, state: SavedVenue, orderOf: OrderOf): void {
  const { orders, accounts, executions, entry, queue, log } = parts;
  const find = (ref: SavedOrderRef): OrderRecord => {
    return orderOf(ref) ?? fail(`order ${ref.sequence} of run '${ref.runEpoch}' is not known`);
  };
  if (state.version !== 1) fail(`version ${String(state.version)} is not 1`);
  if (orders.slots.some((slot) => slot.resting.length > 0)) fail('the venue has working orders already');
  orders.now = Number(state.now);
  orders.event = state.event;
  orders.births = state.births;
  executions.executionNumber = state.executionNumber;
  loadAccounts(parts, state);
  const restored: [RestingOrder, SavedResting][] = [];
  for (const saved of state.slots) {
    const slot = slotOf(orders, saved.symbol);
    SLOT_NUMBERS.forEach((key, index) => (slot[key] = Number(saved.numbers[index])));
    SLOT_FLAGS.forEach((key, index) => (slot[key] = saved.flags[index] === true));
    for (const item of saved.resting) {
      const account = accounts.of(item.account) ?? fail(`account '${item.account}' is not known`);
      const order = find(item);
      const resting = orders.restore(order, account, orders.slots[order.owner.instrumentIndex]!);
      ORDER_NUMBERS.forEach((key, index) => (resting[key] = Number(item.numbers[index])));
      ORDER_FLAGS.forEach((key, index) => (resting[key] = item.flags[index] === true));
      restored.push([resting, item]);
    }
  }
  for (const [resting, item] of restored) {
    ORDER_LINKS.forEach((key, index) => (resting[key] = restored[item.links[index] ?? -1]?.[0]));
  }
  entry.load(state.seen.map(([epoch, ranges]) => [epoch, SequenceSet.fromRanges(ranges)]));
  for (const request of state.queue) queue.push(loadRequest(request, find));
  log.load(state.executions.fills, Number(state.executions.droppedTs));
}

function loadAccounts({ accounts, orders }: StateParts, state: SavedVenue): void {
  for (const saved of state.accounts) {
    const account = accounts.of(saved.name);
    if (account === undefined) fail(`account '${saved.name}' is not known`);
    else if (account.currency !== saved.currency) fail(`account '${saved.name}' has changed its currency`);
    else {
      for (const holding of saved.holdings) slotOf(orders, holding.symbol);
      account.load(saved);
    }
  }
}

function slotOf(orders: WorkingOrders, symbol: string): InstrumentSlot {
  return orders.slots.find((slot) => slot.instrument.symbol === symbol) ?? fail(`instrument '${symbol}' is not known`);
}

function saveResting(resting: RestingOrder, places: ReadonlyMap<RestingOrder, number>): SavedResting {
  return {
    ...refOf(resting.order),
    account: resting.account.name,
    numbers: ORDER_NUMBERS.map((key) => toSaved(resting[key])),
    flags: ORDER_FLAGS.map((key) => resting[key]),
    links: ORDER_LINKS.map((key) => {
      const other = resting[key];
      return other === undefined ? -1 : (places.get(other) ?? -1);
    }),
  };
}

function saveRequest(request: VenueRequest): SavedRequest {
  const { kind, due } = request;
  if (kind === 'submit') return { kind, due, orders: request.group.map(refOf) };
  const order = { ...refOf(request.order), instrumentIndex: request.order.instrumentIndex };
  return { kind, due, orders: [order], ...(kind === 'replace' ? { change: request.change } : {}) };
}

function loadRequest(saved: SavedRequest, find: (ref: SavedOrderRef) => OrderRecord): VenueRequest {
  const { kind, due } = saved;
  const group = saved.orders.map(find);
  if (kind === 'submit') return { kind, due, group };
  const order = group[0] ?? fail('a request on its way has no order');
  return kind === 'cancel' ? { kind, due, order } : { kind, due, order, change: saved.change ?? {} };
}

function refOf(order: OrderRecord): SavedOrderRef {
  return { runEpoch: order.owner.runEpoch, sequence: order.sequence };
}

/** Quantities of the orders that work in a saved instrument, as integers. */
export function savedQuantities({ resting }: SavedSlot): readonly number[] {
  return resting.flatMap(({ numbers }) => ORDER_QUANTITIES.map((key) => Number(numbers[ORDER_NUMBERS.indexOf(key)])));
}

/** A saved instrument with other quantities; what fills took of the last volume need not be whole. */
export function withQuantities(
  slot: SavedSlot,
  { quantity, share }: Readonly<Record<'quantity' | 'share', (scaled: number) => number>>,
): SavedSlot {
  const change = (value: SavedNumber, to: (scaled: number) => number): SavedNumber => toSaved(to(Number(value)));
  return {
    ...slot,
    numbers: slot.numbers.map((value, i) => (SLOT_NUMBERS[i] === 'takenScaled' ? change(value, share) : value)),
    resting: slot.resting.map((resting) => ({
      ...resting,
      numbers: resting.numbers.map((value, i) =>
        ORDER_QUANTITIES.includes(ORDER_NUMBERS[i] as (typeof ORDER_NUMBERS)[number]) ? change(value, quantity) : value,
      ),
    })),
  };
}

function toSaved(value: number): SavedNumber {
  return Number.isFinite(value) ? value : (String(value) as SavedNumber);
}

function fail(what: string): never {
  throw simulatedVenueError(
    'SIMULATED_VENUE_STATE_INVALID',
    `The saved state of the simulated venue does not fit: ${what}.`,
  );
}
