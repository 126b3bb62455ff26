// 18 to 21, 27 and 30: what the gateway says of orders, and whose they are.
import { isTradingError } from '@bookrunner/sdk';
import type { Order } from '@bookrunner/sdk';
import { check, checkEqual } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import type { WireContract, WireOrder } from '../../simulator/index.js';
import { UNSET_DOUBLE, UNSET_INTEGER } from '../../simulator/index.js';
import type { Scene } from '../scene/scene.js';
import type { Stage } from '../scene/stage.js';
import {
  ACCOUNT,
  brokersView,
  kindsOf,
  lifeOf,
  limitOrder,
  marketOrder,
  ordersAtBroker,
  outcomeOf,
  place,
} from '../scene/trading.js';
import { MESSAGE } from '../scene/watching.js';

async function rejectedModify(stage: Stage): Promise<void> {
  for (const code of [110, 105, 321, 434]) {
    const scene = await stage.trading();
    const { order } = await place(scene);
    scene.model.knobs.failNextModify(code);
    const outcome = await scene.replace(order, { limitPrice: 98, qty: 70 });
    checkEqual(outcome.kind, 'sent', `A modify that will fail with ${code}`);
    await scene.settle();
    checkEqual(kindsOf(scene, order), ['accepted', 'replace-rejected'], `Reports where a modify failed with ${code}`);
    const { openOrders } = await scene.snapshot();
    const [shown] = openOrders.items;
    checkEqual([shown?.limitPrice, shown?.qty], [99, 100], `Terms of an order whose modify failed with ${code}`);
    await scene.replace(order, { limitPrice: 98 });
    await scene.settle();
    checkEqual(kindsOf(scene, order).at(-1), 'replaced', 'The last report after a modify that goes through');
  }
}

/** 64321 is a code that nobody has heard of. */
const ADVICE = [399, 404, 2109, 2137, 10_167, 10_349, 64_321] as const;

async function adviceKillsNothing(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  for (const code of ADVICE) {
    scene.model.knobs.adviseNextOrder(code);
    const { order, permId } = await place(scene);
    scene.clock.advance(2_000);
    await scene.settle();
    checkEqual(kindsOf(scene, order), ['accepted'], `Reports of an order with message ${code}`);
    scene.model.knobs.fillOrder(permId, 100);
    await scene.settle();
    checkEqual(outcomeOf(scene, order).end, 'filled', `An order with message ${code}`);
  }
}

async function rejection(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  for (const code of [200, 201, 203, 321, 460]) {
    const errorOnly = code !== 201 && code !== 203;
    const message = `It is ${code} for a reason.<br>See there.`;
    scene.model.knobs.rejectNextOrder({ code, message, errorOnly });
    const order = limitOrder(scene);
    await scene.submit([order]);
    await scene.settle();
    const reports = scene.reports.of(order.clientOrderId);
    checkEqual(
      reports.map(({ kind }) => kind),
      ['rejected'],
      `Reports of an order refused with ${code}`,
    );
    const text = reports[0]?.kind === 'rejected' ? reports[0].message : '';
    check(text.includes(`It is ${code} for a reason.`), `The reason of ${code} is lost: '${text}'.`);
  }
  scene.model.knobs.rejectNextOrderWithMalformedJson();
  const order = limitOrder(scene);
  await scene.submit([order]);
  await scene.settle();
  checkEqual(outcomeOf(scene, order).end, 'rejected', 'An order refused with JSON that is cut off');
  const after = await place(scene);
  checkEqual(
    [lifeOf(scene, after.order), scene.tap.opened],
    [['accepted'], 1],
    'The session after JSON that is cut off',
  );
}

const AAPL_CONTRACT: WireContract = {
  ...{ conId: 0, symbol: 'AAPL', secType: 'STK', lastTradeDateOrContractMonth: '', strike: 0, right: '' },
  ...{ multiplier: '', exchange: 'SMART', primaryExchange: '', currency: 'USD', localSymbol: '', tradingClass: '' },
};
const BY_HAND = {
  ...{ orderId: 0, action: 'BUY', totalQuantity: 7, orderType: 'LMT', lmtPrice: 90, auxPrice: UNSET_DOUBLE },
  ...{ tif: 'GTC', ocaGroup: '', ocaType: 0, account: ACCOUNT, orderRef: '', transmit: true, parentId: 0 },
  ...{ outsideRth: false, hidden: false, displaySize: 0, allOrNone: false, minQty: UNSET_INTEGER, goodAfterTime: '' },
  ...{ goodTillDate: '', trailStopPrice: UNSET_DOUBLE, trailingPercent: UNSET_DOUBLE, cashQty: UNSET_DOUBLE },
  ...{ whatIf: false, modelCode: '', algoStrategy: '', algoParameters: [], comboLegs: [], smartComboRouting: [] },
} as const satisfies WireOrder;

async function knowsItsOwn(stage: Stage): Promise<void> {
  const accounts = [{ id: ACCOUNT }, { id: 'DU7654321' }];
  const options = { simulator: { accounts }, venue: { accounts: [ACCOUNT] } };
  const scene = await stage.trading(options);
  const { order } = await place(scene);
  const byHand = scene.model.knobs.placeByHand(AAPL_CONTRACT, BY_HAND);
  const ofOthers = scene.model.knobs.placeByHand(AAPL_CONTRACT, { ...BY_HAND, account: 'DU7654321' });
  const next = await stage.next(scene, { venue: options.venue });
  await next.settle();
  checkEqual(lifeOf(next, order), ['accepted'], 'Reports of our order after our restart');
  const { openOrders } = await next.snapshot();
  const own = openOrders.items.find(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  checkEqual([own?.tag, own?.qty, own?.limitPrice], [order.tag, 100, 99], 'Our order after our restart');
  const external = openOrders.items.find(({ venueOrderId }) => venueOrderId === String(byHand));
  checkEqual([external?.tag, external?.qty], ['', 7], 'An order given by hand, shown as external');
  checkEqual(openOrders.items.length, 2, `Open orders; of another account is ${ofOthers}`);
  next.model.knobs.fillOrder(ofOthers, 7);
  await next.settle();
  checkEqual(next.reports.reports.filter(({ kind }) => kind === 'filled').length, 0, 'Fills of another account told');
  await next.cancel(order);
  await next.settle();
  checkEqual(kindsOf(next, order).at(-1), 'cancelled', 'Our order, cancelled after our restart');
  check(
    next.model.truth().orders.some(({ permId, isLive }) => permId === byHand && isLive),
    'The order given by hand was cancelled.',
  );
}

async function oneModifyTwoOrders(stage: Stage, hasStatuses: boolean): Promise<void> {
  const scene = await stage.trading();
  const { order } = await place(scene);
  scene.model.knobs.splitNextModify();
  await scene.replace(order, { limitPrice: 98 });
  await scene.settle();
  checkEqual(ordersAtBroker(scene, order).filter(({ isLive }) => isLive).length, 2, 'Orders that live at the gateway');
  check(
    scene.alarms.some((alarm) => alarm.startsWith('IBKR_ORDER_TWICE')),
    `Two orders of one reference are no alarm: ${scene.alarms.join('; ')}.`,
  );
  scene.model.knobs.dropOrderStatus(!hasStatuses);
  await scene.cancel(order);
  await scene.settle(8);
  checkEqual(
    ordersAtBroker(scene, order).filter(({ isLive }) => isLive).length,
    0,
    'Orders that live after the cancel',
  );
}

async function previews(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  const order = limitOrder(scene);
  const preview = await scene.during(scene.venue.preview(order), 'a preview');
  check(preview.initialMarginChange > 0 && preview.commission > 0, `A preview of nothing: ${JSON.stringify(preview)}.`);
  await scene.settle();
  checkEqual(scene.model.truth().orders.length, 0, 'Orders at the gateway after a preview');
  checkEqual(scene.reports.reports.length, 0, 'Reports of a preview');
  scene.sim.faults.set({ kind: 'drop-message', on: 'openOrder', times: 'all' });
  const asked = scene.venue.preview(limitOrder(scene));
  const error = await scene.during(
    asked.then(
      () => undefined,
      (caught: unknown) => caught,
    ),
    'the preview to time out',
  );
  check(
    isTradingError(error) && error.code === 'IBKR_NO_ANSWER',
    `A preview without an answer ended as ${String(error)}.`,
  );
  scene.sim.faults.clear();
  await place(scene);
}

/** A parent, its profit and its loss. */
function bracket(scene: Scene): readonly [Order, Order, Order] {
  const parent = limitOrder(scene);
  const child = { side: 'sell', parentId: parent.clientOrderId, ocoGroup: `OCO${parent.clientOrderId}` } as const;
  const loss = marketOrder(scene, { ...child, orderType: 'stop', stopPrice: 90 });
  return [parent, limitOrder(scene, { ...child, limitPrice: 110 }), loss];
}

async function bracketWorks(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  const [parent, profit, loss] = bracket(scene);
  await scene.submit([parent, profit, loss]);
  await scene.settle();
  const transmit = scene.sent(MESSAGE.placeOrder).map((fields) => fields[27]);
  checkEqual(transmit, ['0', '0', '1'], '`transmit` of parent and children');
  scene.model.knobs.fillOrder(brokersView(scene, parent).permId, 40);
  await scene.settle();
  const { openOrders } = await scene.snapshot();
  for (const child of [profit, loss]) {
    const shown = openOrders.items.find(({ clientOrderId }) => clientOrderId === child.clientOrderId);
    checkEqual(shown?.qty, brokersView(scene, child).totalQuantity, 'The size of a child, as at the gateway');
  }
  scene.model.knobs.fillOrder(brokersView(scene, parent).permId, 60);
  await scene.settle();
  scene.model.quote('AAPL', { bid: 110, ask: 110.01, bidSize: 1_000, askSize: 1_000 });
  await scene.settle();
  checkEqual(outcomeOf(scene, profit).end, 'filled', 'The profit of a bracket');
  checkEqual(outcomeOf(scene, loss).end, 'cancelled', 'The loss of a bracket whose profit was filled');
}

async function bracketInPart(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  const orders = bracket(scene);
  scene.sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', nth: 3, moment: 'before' });
  const outcome = await scene.submit(orders);
  check(outcome.kind !== 'sent', 'A bracket of which the last order was lost is called sent.');
  await scene.untilReady();
  await scene.settle();
  await scene.settle();
  const live = scene.model.truth().orders.filter(({ isLive }) => isLive).length;
  checkEqual(live, 0, 'Orders left of a bracket that arrived in part');
}

export const ORDER_BEHAVIOURS: readonly CaseOver<Stage>[] = [
  { id: 'IBK-018', title: 'an order whose modify is refused lives on with its old values', run: rejectedModify },
  { id: 'IBK-019', title: 'advice and unknown codes never kill an order', run: adviceKillsNothing },
  { id: 'IBK-020', title: 'a refused order is rejected with the reason, whatever form it has', run: rejection },
  {
    id: 'IBK-021',
    title: 'knows its own orders after a restart, those of others by permId, and twins',
    run: async (stage) => {
      await knowsItsOwn(stage);
      await oneModifyTwoOrders(stage, true);
      await oneModifyTwoOrders(stage, false);
    },
  },
  { id: 'IBK-027', title: 'previews margin and commission, leaves no order, and times out cleanly', run: previews },
  {
    id: 'IBK-030',
    title: 'a bracket goes out whole; sizes of children follow; what arrived in part is taken back',
    run: async (stage) => {
      await bracketWorks(stage);
      await bracketInPart(stage);
    },
  },
];
