// Orders of a case, and what their reports come to.
import type { Clock, Order, VenueReport } from '@bookrunner/sdk';
import { anOrder, check } from '@bookrunner/sdk/testing';
import type { TrueOrder } from '../../simulator/model/broker-truth.js';
import { AAPL } from './instruments.js';
import type { Scene } from './scene.js';

export const ACCOUNT = 'DU1234567';

let count = 0;

/** 100 AAPL at 99, where they rest, unless told otherwise. */
export function limitOrder(scene: { readonly clock: Clock }, fields: Partial<Order> = {}): Order {
  count += 1;
  const common = { symbol: AAPL.symbol, account: ACCOUNT, createdTs: scene.clock.nowUtc(), qty: 100 };
  const clientOrderId = `CONF${String(count).padStart(12, '0')}`;
  return anOrder({ ...common, clientOrderId, orderType: 'limit', limitPrice: 99, ...fields });
}

/** 100 AAPL at the market unless told otherwise. */
export function marketOrder(scene: { readonly clock: Clock }, fields: Partial<Order> = {}): Order {
  return limitOrder(scene, { orderType: 'market', limitPrice: Number.NaN, ...fields });
}

/** An order that the venue took, and as the broker knows it. */
export interface Placed {
  readonly order: Order;
  readonly permId: number;
}

/** Sends an order, which has to go out, and waits until it is known. */
export async function place(scene: Scene, order = limitOrder(scene)): Promise<Placed> {
  const outcome = await scene.submit([order]);
  check(outcome.kind === 'sent', `An ordinary order has to be sent; it was answered ${JSON.stringify(outcome)}.`);
  await scene.settle();
  return { order, permId: brokersView(scene, order).permId };
}

/** The broker's own record of an order. Errors: CONTRACT_BROKEN where it has none. */
export function brokersView(scene: Scene, order: Order): TrueOrder {
  const found = ordersAtBroker(scene, order)[0];
  check(found !== undefined, `The gateway knows no order ${order.clientOrderId}.`);
  return found;
}

/** All orders that the broker has under the id of one of ours. */
export function ordersAtBroker(scene: Scene, order: Order): readonly TrueOrder[] {
  return scene.model.truth().orders.filter(({ orderRef }) => orderRef.startsWith(order.clientOrderId));
}

/** Kinds of an order's reports, in order. */
export function kindsOf(scene: Scene, order: Order): readonly VenueReport['kind'][] {
  return scene.reports.kinds(order.clientOrderId);
}

/** Kinds without those that say nothing of whether the order lives. */
export function lifeOf(scene: Scene, order: Order): readonly VenueReport['kind'][] {
  const others = new Set<VenueReport['kind']>(['commission', 'cancel-rejected', 'replace-rejected', 'replaced']);
  return kindsOf(scene, order).filter((kind) => !others.has(kind));
}

/** What the reports of an order come to. */
export interface Outcome {
  /** Executions, corrections in the place of what they correct. */
  readonly executions: number;
  readonly units: number;
  readonly paid: number;
  readonly fees: Readonly<Record<string, number>>;
  /** How it ended: `filled`, a final report's kind, or `working`. */
  readonly end: string;
}

interface Booked {
  qty: number;
  price: number;
  fee: number;
  feeCurrency: string;
}

export function outcomeOf(scene: Scene, order: Order): Outcome {
  const fills = new Map<string, Booked>();
  let end = 'working';
  for (const report of scene.reports.of(order.clientOrderId)) {
    note(fills, report);
    if (report.kind === 'filled' && report.leavesQty === 0) end = 'filled';
    if (report.kind === 'cancelled' || report.kind === 'rejected' || report.kind === 'expired') end = report.kind;
  }
  const all = [...fills.values()];
  const fees: Record<string, number> = {};
  for (const { fee, feeCurrency } of all) fees[feeCurrency] = (fees[feeCurrency] ?? 0) + fee;
  const sum = (of: (fill: Booked) => number): number => all.reduce((total, fill) => total + of(fill), 0);
  return {
    ...{ executions: all.length, units: sum(({ qty }) => qty), paid: sum(({ qty, price }) => qty * price) },
    ...{ fees, end },
  };
}

function note(fills: Map<string, Booked>, report: VenueReport): void {
  if (report.kind === 'filled') {
    const { executionId } = report.fill;
    check(!fills.has(executionId), `Execution ${executionId} was reported twice.`);
    fills.set(executionId, { ...report.fill });
  }
  if (report.kind === 'corrected') fills.set(report.executionId, { ...report.fill });
  if (report.kind !== 'commission') return;
  const known = fills.get(report.executionId);
  check(known !== undefined, `The commission of an execution was told before it: ${report.executionId}.`);
  fills.set(report.executionId, { ...known, fee: report.fee, feeCurrency: report.feeCurrency });
}
