// Behaviours that can be seen at a paper account without moving its market: one share, far from it, cancelled again.
import { check, checkEqual } from '@bookrunner/sdk/testing';
import { AAPL } from '../scene/instruments.js';
import type { PaperScene } from './paper-scene.js';

type Behaviour = (scene: PaperScene) => Promise<void>;

async function readyOnlyWhenReconciled(scene: PaperScene): Promise<void> {
  const before = await scene.venue.submit([scene.order()]);
  checkEqual(before.kind, 'refused', 'An order before open');
  await scene.openVenue();
  checkEqual(scene.reports.statuses.at(-1)?.state, 'ready', 'The last status of a venue that is open');
}

async function keepsItsClientId(scene: PaperScene): Promise<void> {
  await scene.openVenue();
  scene.tap.cut();
  await scene.until(() => !scene.venue.isReady, 'the loss to be noticed');
  await scene.until(() => scene.venue.isReady, 'the venue to be ready again');
  checkEqual(scene.gateway.clientId, scene.paper.clientId, 'Client id after a loss');
  checkEqual(scene.tap.mostAtOnce, 1, 'Connections at a time');
}

async function cancelOfNothing(scene: PaperScene): Promise<void> {
  await scene.openVenue();
  const { clientOrderId, symbol } = scene.order();
  const outcome = await scene.venue.cancel({ clientOrderId, symbol });
  await scene.settle();
  const isRejected = scene.reports.kinds(clientOrderId).includes('cancel-rejected');
  check(outcome.kind === 'refused' || isRejected, `A cancel of nothing was answered ${outcome.kind}.`);
}

async function rejectedModify(scene: PaperScene): Promise<void> {
  await scene.openVenue();
  const order = scene.order();
  await scene.venue.submit([order]);
  await scene.settle();
  const outcome = await scene.venue.replace(order, { limitPrice: scene.paper.price + 0.001 });
  await scene.settle();
  const isRejected = scene.reports.kinds(order.clientOrderId).includes('replace-rejected');
  check(outcome.kind === 'refused' || isRejected, `A modify off the grid was answered ${outcome.kind}.`);
  const { openOrders } = await scene.venue.snapshot();
  const shown = openOrders.items.find(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  checkEqual(shown?.limitPrice, scene.paper.price, 'Limit of an order whose modify failed');
}

async function knowsItsOwn(scene: PaperScene): Promise<void> {
  await scene.openVenue();
  const order = scene.order();
  const outcome = await scene.venue.submit([order]);
  checkEqual(outcome.kind, 'sent', 'An order far below the market');
  await scene.until(() => scene.reports.kinds(order.clientOrderId).includes('accepted'), 'the order to be accepted');
  const { venue, reports } = scene;
  await venue.close();
  await venue.open(reports);
  await scene.until(() => venue.isReady, 'the venue to be ready again');
  const { openOrders } = await venue.snapshot();
  const shown = openOrders.items.find(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  checkEqual([shown?.tag, shown?.qty, shown?.limitPrice], [order.tag, 1, scene.paper.price], 'Our order, found again');
  await venue.cancel(order);
  await scene.until(() => reports.kinds(order.clientOrderId).includes('cancelled'), 'the order to be cancelled');
}

async function snapshotIsWhole(scene: PaperScene): Promise<void> {
  await scene.openVenue();
  const { positions, openOrders, executions, accounts } = await scene.venue.snapshot();
  checkEqual(
    [positions, openOrders, executions, accounts].map(({ complete }) => complete),
    [true, true, true, true],
    'Parts of the snapshot that are whole',
  );
}

async function gridOfPrices(scene: PaperScene): Promise<void> {
  await scene.openVenue();
  const resolved = await scene.venue.resolve(AAPL);
  check((resolved.priceSteps?.length ?? 0) > 0, 'AAPL has no price bands.');
  const outcome = await scene.venue.submit([scene.order({ limitPrice: scene.paper.price + 0.001 })]);
  checkEqual(outcome.kind, 'refused', 'An order off the grid');
}

async function kindOfData(scene: PaperScene): Promise<void> {
  await scene.feed.open();
  await scene.feed.subscribe([AAPL], scene.data);
  await scene.until(
    () => scene.data.rows.length > 0 || scene.data.statuses.some(({ symbol }) => symbol === AAPL.symbol),
    'data of AAPL, or a word on why there is none',
  );
}

async function previews(scene: PaperScene): Promise<void> {
  await scene.openVenue();
  const preview = await scene.venue.preview(scene.order());
  check(Number.isFinite(preview.initialMarginChange), `A preview without a margin: ${JSON.stringify(preview)}.`);
  const { openOrders } = await scene.venue.snapshot();
  const own = openOrders.items.filter(({ clientOrderId }) => clientOrderId.startsWith(scene.prefix));
  checkEqual(own.length, 0, 'Orders left by a preview');
}

async function bracket(scene: PaperScene): Promise<void> {
  await scene.openVenue();
  const parent = scene.order();
  const child = { side: 'sell', parentId: parent.clientOrderId, ocoGroup: `OCO${parent.clientOrderId}` } as const;
  const profit = scene.order({ ...child, limitPrice: scene.paper.price * 2 });
  const outcome = await scene.venue.submit([parent, profit]);
  checkEqual(outcome.kind, 'sent', 'A bracket far below the market');
  await scene.settle();
  await scene.venue.cancel(parent);
  const isOver = (id: string): boolean => scene.reports.kinds(id).includes('cancelled');
  await scene.until(
    () => isOver(parent.clientOrderId) && isOver(profit.clientOrderId),
    'parent and child to be cancelled',
  );
}

/** By the ids of the behaviours; those that are missing cannot be brought about. */
export const PAPER_BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  'IBK-001': readyOnlyWhenReconciled,
  'IBK-003': keepsItsClientId,
  'IBK-017': cancelOfNothing,
  'IBK-018': rejectedModify,
  'IBK-021': knowsItsOwn,
  'IBK-022': snapshotIsWhole,
  'IBK-023': gridOfPrices,
  'IBK-025': kindOfData,
  'IBK-027': previews,
  'IBK-030': bracket,
};
