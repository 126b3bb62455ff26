// 1 to 6: when the session is there, how it comes back, and what is sent on it.
import { check, checkEqual } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import { SECOND_MS } from '@bookrunner/sdk';
import type { Stage } from '../scene/stage.js';
import { kindsOf, limitOrder, ordersAtBroker, place } from '../scene/trading.js';
import { MESSAGE } from '../scene/watching.js';
import type { Scene } from '../scene/scene.js';

const PATIENT = { openTimeoutMs: 100_000_000 } as const;

function placed(scene: Scene): number {
  return scene.sent(MESSAGE.placeOrder).length;
}

async function checkRefused(scene: Scene, reason: string, when: string): Promise<void> {
  const outcome = await scene.submit([limitOrder(scene)]);
  const was = outcome.kind === 'refused' ? outcome.reason : outcome.kind;
  check(was === reason, `An order ${when} has to be refused with ${reason}; it was answered ${was}.`);
}

async function readyOnlyWhenReconciled(stage: Stage): Promise<void> {
  const scene = await stage.scene({ venue: PATIENT });
  await checkRefused(scene, 'IBKR_NOT_CONNECTED', 'before open');
  scene.sim.faults.set(
    { kind: 'hang-handshake', at: 'next-valid-id', delayMs: 3_000 },
    { kind: 'drop-message', on: 'openOrderEnd', times: 1 },
  );
  const opening = scene.venue.open(scene.reports);
  await scene.until(() => scene.sent(MESSAGE.startApi).length === 1, 'the handshake to begin', 1);
  await checkRefused(scene, 'IBKR_NOT_CONNECTED', 'during the handshake');
  await scene.during(opening, 'the venue to open', 100);
  await scene.settle();
  check(!scene.venue.isReady, 'The venue is ready without having heard the end of the open orders.');
  await checkRefused(scene, 'IBKR_NOT_RECONCILED', 'before reconciliation');
  checkEqual(placed(scene), 0, 'Orders on the wire before the venue was ready');
  await scene.untilReady();
  await scene.settle();
  checkEqual(placed(scene), 0, 'Orders that were refused, sent once the venue was ready');
  await place(scene);
  checkEqual(placed(scene), 1, 'Orders on the wire once it is ready');
}

/** When connections were made: seconds between them, by the gateway's clock. */
function secondsBetween(scene: Scene): readonly number[] {
  const starts = new Map<number, number>();
  for (const { connection, ts } of scene.sim.transcript.entries) {
    if (!starts.has(connection)) starts.set(connection, ts);
  }
  const times = [...starts.values()];
  return times.slice(1).map((ts, i) => (ts - (times[i] ?? ts)) / SECOND_MS);
}

async function handshakeTimesOut(stage: Stage): Promise<void> {
  const attempts = 9;
  const scene = await stage.scene({ venue: PATIENT });
  scene.sim.faults.set({ kind: 'hang-handshake', at: 'accounts', times: attempts - 1 });
  const opening = scene.venue.open(scene.reports);
  await scene.until(() => scene.tap.opened === 1, 'the first attempt', 1);
  await scene.until(() => scene.sent(MESSAGE.startApi).length === 1, 'the handshake to begin', 1);
  scene.clock.advance(14_000);
  await scene.until(() => true, 'a turn');
  checkEqual(scene.tap.openNow, 1, 'Connections before the handshake has timed out');
  scene.clock.advance(1_000);
  await scene.until(() => scene.tap.openNow === 0, 'the connection that hangs to be closed', 1);
  await scene.during(opening, 'the handshake that succeeds', 500);
  const waits = secondsBetween(scene).map((seconds) => seconds - 15);
  // Steps of the clock and turns of the sockets add a little to each.
  const expected = [5, 10, 20, 40, 80, 160, 300, 300];
  const fits = waits.length === expected.length && waits.every((wait, i) => Math.abs(wait - (expected[i] ?? 0)) <= 20);
  check(fits, `Attempts have to wait ${expected.join(', ')} s at most; they waited ${waits.join(', ')}.`);
  checkEqual(scene.tap.mostAtOnce, 1, 'Connections at a time');
}

async function keepsItsClientId(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  scene.sim.faults.settings.clientIdLingerMs = 30_000;
  await scene.cut('rst');
  await scene.untilUp();
  await scene.untilReady();
  const ids = scene.sent(MESSAGE.startApi).map((fields) => fields[2]);
  check(ids.length >= 3, `The id was in use for 30 s; there were only ${ids.length} handshakes.`);
  checkEqual([...new Set(ids)], [String(scene.gateway.clientId)], 'Client ids of all handshakes');
  checkEqual(scene.tap.mostAtOnce, 1, 'Connections at a time');
  checkEqual(scene.sim.clients.length, 1, 'Sessions at the gateway');
}

async function nothingStaleIsSent(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  scene.sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', nth: 8, moment: 'before' });
  const orders = Array.from({ length: 60 }, () => limitOrder(scene, { qty: 1 }));
  const outcomes = await scene.during(
    Promise.all(orders.map((order) => scene.submit([order]))),
    'the answers to 60 orders',
    10,
  );
  await scene.untilReady();
  await scene.settle();
  scene.clock.advance(60_000);
  await scene.settle();
  const connections = new Set(
    scene.sim.transcript.entries
      .filter(({ direction, fields }) => direction === 'in' && fields[0] === MESSAGE.placeOrder)
      .map(({ connection }) => connection),
  );
  checkEqual([...connections], [1], 'Connections on which orders were sent');
  const { openOrders } = await scene.snapshot();
  check(openOrders.complete, 'The snapshot after the outage is not complete.');
  orders.forEach((order, i) => {
    const outcome = outcomes[i]?.kind;
    const isThere = ordersAtBroker(scene, order).length === 1;
    check(!isThere || outcome !== 'refused', 'An order that reached the gateway was called refused.');
    const isShown = openOrders.items.some(({ clientOrderId }) => clientOrderId === order.clientOrderId);
    checkEqual(isShown, isThere, `Order ${i + 1} is in the snapshot as at the gateway`);
    check(!kindsOf(scene, order).includes('cancelled'), 'An order that was lost was called cancelled.');
  });
  const kinds = new Set(outcomes.map(({ kind }) => kind));
  check(kinds.has('unknown') || kinds.has('refused'), 'No order was lost with the connection.');
}

async function idsAreNeverReused(stage: Stage): Promise<void> {
  const dataDir = await stage.folder();
  const scene = await stage.trading({ dataDir });
  const { knobs } = scene.model;
  await place(scene);
  knobs.swallowNextOrders(4);
  for (let i = 0; i < 4; i += 1) await scene.submit([limitOrder(scene)]);
  await scene.settle();
  scene.sim.faults.set({ kind: 'roll-ids-back', count: 4 });
  await scene.cut();
  await scene.untilReady();
  await place(scene);
  scene.model.knobs.setNextOrderId(scene.gateway.clientId, 1);
  const next = await stage.next(scene, { dataDir });
  await place(next);
  const ids = next.sent(MESSAGE.placeOrder).map((fields) => Number(fields[1]));
  checkEqual(ids.length, 7, 'Orders on the wire');
  check(new Set(ids).size === ids.length, `An order id was used again: ${ids.join(', ')}.`);
  check(
    ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? 0)),
    `Order ids have to rise: ${ids.join(', ')}.`,
  );
}

async function gatesSubmission(stage: Stage): Promise<void> {
  const restart = { at: '23:45', zone: 'America/New_York', minutes: 5 };
  const scene = await stage.trading({ venue: { restart }, startTs: Date.UTC(2014, 4, 6, 3, 44, 0) });
  const [first, second] = [await place(scene), await place(scene)];
  const before = placed(scene);
  for (const code of [1100, 2110] as const) {
    scene.sim.faults.connectivity.loseUpstream({ code, repeats: 3 });
    await scene.settle();
    await checkRefused(scene, 'IBKR_UPSTREAM_LOST', `after ${code}`);
    if (code === 1100) await scene.cancel(first.order);
    scene.sim.faults.connectivity.restoreUpstream();
    await scene.untilReady();
  }
  await scene.settle();
  checkEqual(kindsOf(scene, first.order).at(-1), 'cancelled', 'An order that was cancelled without a line to IB');
  scene.clock.moveTo(Date.UTC(2014, 4, 6, 3, 45, 1));
  await checkRefused(scene, 'IBKR_PLANNED_OUTAGE', 'when the daily restart is due');
  const cancel = await scene.venue.cancel(second.order);
  await scene.settle();
  checkEqual('reason' in cancel && cancel.reason, 'IBKR_PLANNED_OUTAGE', 'A cancel when the daily restart is due');
  checkEqual(kindsOf(scene, second.order).at(-1), 'accepted', 'An order that was to be cancelled before the restart');
  checkEqual(placed(scene), before, 'Orders on the wire');
}

export const SESSION_BEHAVIOURS: readonly CaseOver<Stage>[] = [
  {
    id: 'IBK-001',
    title: 'is ready only after handshake and reconciliation; orders before are refused',
    run: readyOnlyWhenReconciled,
  },
  {
    id: 'IBK-002',
    title: 'gives up a handshake that hangs, closes its socket and tries again, ever more rarely',
    run: handshakeTimesOut,
  },
  {
    id: 'IBK-003',
    title: 'waits for a client id that is in use, with the same id and never two sockets',
    run: keepsItsClientId,
  },
  {
    id: 'IBK-004',
    title: 'sends nothing stale after a loss; what was in flight is unknown until resolved',
    run: nothingStaleIsSent,
  },
  { id: 'IBK-005', title: 'never uses an order id again, whatever the gateway calls the next', run: idsAreNeverReused },
  {
    id: 'IBK-006',
    title: 'sends no orders when a restart is due or IB is away; cancels pass while IB is away',
    run: gatesSubmission,
  },
];
