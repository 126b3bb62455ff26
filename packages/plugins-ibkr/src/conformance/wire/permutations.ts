// Execution, status, open order and commission in every order, up to three copies of each: one end state.
import { check, checkEqual } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import type { Stage } from '../scene/stage.js';
import { limitOrder, marketOrder, outcomeOf } from '../scene/trading.js';
import type { Scene } from '../scene/scene.js';
import { reordered } from '../scene/wire-trouble.js';

const KINDS = ['execDetails', 'orderStatus', 'openOrder', 'commissionReport'] as const;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** All orders of the four kinds of message. */
export const ORDERS_OF_FOUR: readonly (readonly string[])[] = ordersOf(KINDS);

function ordersOf(kinds: readonly string[]): readonly (readonly string[])[] {
  if (kinds.length <= 1) return [kinds];
  return kinds.flatMap((first) => ordersOf(kinds.filter((kind) => kind !== first)).map((rest) => [first, ...rest]));
}

/** Longer than a fill waits for its commission, and than a status for the executions it promises. */
const LONG_MS = 3_000;

/**
 * Two orders, one filled at once and one in two parts, whose messages come in an order and so many times: what was reported of them,
 * and the snapshot after it, as text.
 */
export async function permutedEnd(stage: Stage, order: readonly string[], copies: number): Promise<string> {
  const scene = await stage.scene({ trouble: {} });
  await scene.openVenue();
  scene.sim.faults.set(reordered(order));
  if (copies > 1) {
    for (const on of KINDS) scene.sim.faults.set({ kind: 'duplicate-message', on, copies: copies - 1, times: 'all' });
  }
  const text = await traded(scene);
  await scene.close();
  return text;
}

async function traded(scene: Scene): Promise<string> {
  const [atOnce, inParts] = [marketOrder(scene), limitOrder(scene)];
  await scene.submit([atOnce]);
  await scene.settle();
  await scene.submit([inParts]);
  await scene.settle();
  const { permId = 0 } = scene.model.truth().orders.at(-1) ?? {};
  for (const units of [40, 60]) {
    scene.model.knobs.fillOrder(permId, units);
    await scene.settle();
  }
  scene.clock.advance(LONG_MS);
  await scene.settle();
  const { executions, openOrders, positions } = await scene.snapshot();
  check(executions.items.length >= 3, 'The snapshot does not show what was executed.');
  return JSON.stringify({
    orders: [atOnce, inParts].map((order) => outcomeOf(scene, order)),
    fills: executions.items.map(({ symbol, qty, price, fee }) => `${symbol} ${qty} ${price} ${fee}`).toSorted(),
    openOrders: openOrders.items.length,
    positions: positions.items.map(({ symbol, qty, avgPrice }) => [symbol, qty, avgPrice]),
    alarms: scene.alarms,
  });
}

/** How an order has to end that was told in the order of the real gateway: what all others are compared with. */
async function sameEnd(stage: Stage, order: readonly string[], copies: number): Promise<void> {
  const expected = await permutedEnd(stage, ['openOrder', 'orderStatus', 'execDetails', 'commissionReport'], 1);
  const { orders } = JSON.parse(expected) as { readonly orders: readonly { readonly end: string }[] };
  checkEqual(
    orders.map(({ end }) => end),
    ['filled', 'filled'],
    'The ends that all are compared with',
  );
  checkEqual(await permutedEnd(stage, order, copies), expected, `End after ${order.join(', ')}, ${copies} of each`);
}

/** 24 orders, one to three copies. */
export const PERMUTATIONS: readonly CaseOver<Stage>[] = ORDERS_OF_FOUR.flatMap((order, i) =>
  [1, 2, 3].map((copies) => ({
    id: `PRM-${LETTERS[i] ?? ''}${copies}`,
    title: `${order.join(', ')}: ${copies === 1 ? 'once each' : `${copies} of each`}`,
    run: (stage: Stage) => sameEnd(stage, order, copies),
  })),
);
