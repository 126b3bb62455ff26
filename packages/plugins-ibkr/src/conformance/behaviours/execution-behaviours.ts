// 11 to 17: executions, commissions and corrections, in whatever order and however often they are told.
import { moneyToNumber } from '@bookrunner/sdk';
import { check, checkEqual } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import type { SceneOptions } from '../scene/scene.js';
import type { Stage } from '../scene/stage.js';
import { kindsOf, lifeOf, outcomeOf, place } from '../scene/trading.js';
import { ORDERS_OF_FOUR, permutedEnd } from '../wire/permutations.js';

async function bookedOnce(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  const { order, permId } = await place(scene);
  const [execId = ''] = scene.model.knobs.fillOrder(permId, 30);
  await scene.settle();
  scene.model.knobs.repeatExecution(execId);
  await scene.snapshot();
  await scene.cut();
  scene.model.knobs.fillOrder(permId, 20);
  await scene.untilReady();
  scene.model.knobs.repeatExecution(execId);
  await scene.settle();
  checkEqual(lifeOf(scene, order), ['accepted', 'filled', 'filled'], 'Reports around a loss and repeats');
  checkEqual(outcomeOf(scene, order).units, 50, 'Units booked');
  const next = await stage.next(scene);
  await next.settle();
  checkEqual(outcomeOf(next, order).executions, 0, 'Executions that our next process reports as new');
  const { executions } = await next.snapshot();
  checkEqual(executions.items.length, 2, 'Executions in the snapshot of our next process');
  const first = executions.items.find(({ executionId }) => executionId === execId);
  checkEqual(
    [first?.orderId, first?.tag, first?.qty],
    [order.clientOrderId, order.tag, 30],
    'What it says of the first',
  );
  next.model.knobs.fillOrder(permId, 50);
  await next.settle();
  checkEqual(outcomeOf(next, order).units, 50, 'Units that our next process reports as new');
}

/** All 24 orders; the suite `permutations` has one to three copies of each. */
async function anyOrderOfMessages(stage: Stage): Promise<void> {
  const ends = new Map<string, string>();
  for (const order of ORDERS_OF_FOUR) {
    const end = await permutedEnd(stage, order, 2);
    ends.set(end, order.join(', '));
  }
  const [[first, one] = ['', ''], [second, other] = ['', '']] = [...ends];
  check(ends.size === 1, `Sent as ${one} it ends as ${first}; as ${other}, as ${second}.`);
}

async function filledWithoutStatus(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  scene.model.knobs.dropOrderStatus(true);
  const { order, permId } = await place(scene);
  scene.model.knobs.fillOrder(permId, 40);
  await scene.settle();
  checkEqual(lifeOf(scene, order), ['accepted', 'filled'], 'Reports of the first part');
  scene.model.knobs.fillOrder(permId, 60);
  await scene.settle();
  checkEqual(outcomeOf(scene, order).end, 'filled', 'An order of which no status was told');
  const outcome = await scene.cancel(order);
  await scene.settle();
  check(outcome.kind !== 'sent', 'A filled order is taken for one that works.');
}

async function lateStatus(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  const { order, permId } = await place(scene);
  scene.model.knobs.fillOrder(permId, 40);
  scene.model.knobs.sayStatus(permId, 'Submitted');
  scene.model.knobs.sayStatus(permId, 'PreSubmitted');
  await scene.settle();
  scene.model.knobs.fillOrder(permId, 60);
  scene.model.knobs.sayStatus(permId, 'Submitted');
  scene.model.knobs.sayStatus(permId, 'PreSubmitted');
  await scene.settle();
  checkEqual(lifeOf(scene, order), ['accepted', 'filled', 'filled'], 'Reports around late statuses');
  const { openOrders } = await scene.snapshot();
  checkEqual(openOrders.items.length, 0, 'Open orders');
}

async function commissionLateOrNever(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  scene.model.knobs.withholdCommissions();
  const { order, permId } = await place(scene);
  scene.model.knobs.fillOrder(permId, 100);
  await scene.settle();
  await scene.until(() => kindsOf(scene, order).includes('filled'), 'a fill whose commission does not come', 20);
  checkEqual(outcomeOf(scene, order).fees, { USD: 0 }, 'Fees before the commission is known');
  scene.model.knobs.sendWithheldCommissions();
  await scene.settle();
  checkEqual(kindsOf(scene, order).at(-1), 'commission', 'The last report once the commission came');
  checkFees(scene, order);
}

async function commissionAs(
  stage: Stage,
  said: 'minus-one' | 'unset' | 'first' | 'rebate' | 'other currency',
): Promise<void> {
  const terms = { rebate: { perUnit: -0.002 }, 'other currency': { currency: 'EUR' } };
  const commission = said === 'rebate' || said === 'other currency' ? { commission: terms[said] } : {};
  const options: SceneOptions = { simulator: { ...commission } };
  const scene = await stage.trading(options);
  if (said === 'first') scene.model.knobs.sendCommissionsFirst(true);
  if (said === 'minus-one' || said === 'unset') scene.model.knobs.sayCommissions(said);
  const { order, permId } = await place(scene);
  scene.model.knobs.fillOrder(permId, 100);
  await scene.settle();
  await scene.until(() => kindsOf(scene, order).includes('filled'), `a fill with its commission ${said}`, 20);
  if (said === 'minus-one' || said === 'unset') {
    checkEqual(outcomeOf(scene, order).fees, { USD: 0 }, `Fees where the commission is ${said}`);
  } else checkFees(scene, order);
  checkEqual(outcomeOf(scene, order).end, 'filled', `An order with its commission ${said}`);
}

function checkFees(...[scene, order]: Parameters<typeof outcomeOf>): void {
  const { fees } = outcomeOf(scene, order);
  const [execution] = scene.model.truth().executions;
  const { commissionCurrency = '', commission = 0n } = execution ?? {};
  checkEqual(Object.keys(fees), [commissionCurrency], 'Currency of the fee');
  const off = Math.abs((fees[commissionCurrency] ?? Number.NaN) - moneyToNumber(commission));
  check(off < 1e-8, `The fee is ${fees[commissionCurrency]}, at the gateway ${moneyToNumber(commission)}.`);
}

async function commissions(stage: Stage): Promise<void> {
  await commissionLateOrNever(stage);
  for (const said of ['minus-one', 'unset', 'first', 'rebate', 'other currency'] as const)
    await commissionAs(stage, said);
}

async function correction(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  const { order, permId } = await place(scene);
  const [execId = ''] = scene.model.knobs.fillOrder(permId, 100);
  await scene.settle();
  scene.model.knobs.correctExecution(execId, { price: 98.5, shares: 90 });
  await scene.settle();
  const reports = scene.reports.of(order.clientOrderId);
  const corrected = reports.filter((report) => report.kind === 'corrected');
  checkEqual(
    corrected.map(({ executionId }) => executionId),
    [execId],
    'Executions that were corrected',
  );
  const { units, paid } = outcomeOf(scene, order);
  checkEqual([units, paid], [90, 90 * 98.5], 'Units and money after the correction');
  scene.model.knobs.repeatExecution(execId);
  await scene.settle();
  const { executions, positions } = await scene.snapshot();
  checkEqual(
    executions.items.map(({ executionId, qty, price }) => [executionId, qty, price]),
    [[execId, 90, 98.5]],
    'Executions of the snapshot',
  );
  checkEqual(positions.items[0]?.qty, scene.model.truth().positions[0]?.qty, 'Position after the correction');
}

async function cancelMeetsFill(stage: Stage): Promise<void> {
  for (const moment of ['before', 'after'] as const) {
    const scene = await stage.trading();
    const { order } = await place(scene);
    if (moment === 'before') scene.model.knobs.fillBeforeNextCancel(40);
    else scene.model.knobs.fillAfterNextCancel(40);
    await scene.cancel(order);
    await scene.settle();
    scene.clock.advance(2_000);
    await scene.settle();
    checkEqual(outcomeOf(scene, order).units, 40, `Units of an order that filled ${moment} its cancel`);
    checkEqual(scene.model.truth().positions[0]?.qty, 40, 'Units at the gateway');
    checkEqual(kindsOf(scene, order).filter((kind) => kind === 'cancelled').length, 1, 'Cancellations');
  }
}

async function cancelFails(stage: Stage): Promise<void> {
  for (const code of [161, 10_147, 10_148]) {
    const scene = await stage.trading();
    const { order } = await place(scene);
    const asked = scene.sent('5').length + scene.sent('16').length;
    scene.model.knobs.failNextCancel(code);
    await scene.cancel(order);
    await scene.settle();
    checkEqual(lifeOf(scene, order), ['accepted'], `Reports of an order whose cancel failed with ${code}`);
    check(kindsOf(scene, order).includes('cancel-rejected'), `A cancel that failed with ${code} was not answered.`);
    await scene.settle();
    const again = scene.sent('5').length + scene.sent('16').length;
    check(again > asked, `After ${code} the state of the order was not asked for.`);
    await scene.cancel(order);
    await scene.settle();
    checkEqual(outcomeOf(scene, order).end, 'cancelled', `An order whose first cancel failed with ${code}`);
  }
}

async function modifyOfFilled(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  const { order } = await place(scene);
  scene.model.knobs.failNextModify(104);
  await scene.replace(order, { limitPrice: 98 });
  await scene.settle();
  check(kindsOf(scene, order).includes('replace-rejected'), 'A modify that failed with 104 was not answered.');
}

export const EXECUTION_BEHAVIOURS: readonly CaseOver<Stage>[] = [
  {
    id: 'IBK-011',
    title: 'books every execution once: live, told again, after a loss, after our restart',
    run: bookedOnce,
  },
  {
    id: 'IBK-012',
    title: 'ends alike whatever the order of execution, status, open order and commission',
    run: anyOrderOfMessages,
  },
  { id: 'IBK-013', title: 'an order of which no status comes is filled by its executions', run: filledWithoutStatus },
  { id: 'IBK-014', title: 'a late Submitted or PreSubmitted says nothing', run: lateStatus },
  {
    id: 'IBK-015',
    title: 'takes commissions late, never, unset, first, as rebates and in other currencies',
    run: commissions,
  },
  { id: 'IBK-016', title: 'a correction takes the place of what it corrects', run: correction },
  {
    id: 'IBK-017',
    title: 'a cancel that meets a fill leaves the position right; one that failed is answered at once',
    run: async (stage) => {
      await cancelMeetsFill(stage);
      await cancelFails(stage);
      await modifyOfFilled(stage);
    },
  },
];
