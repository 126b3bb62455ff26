// A broker that has orders and executions of a session that the journal does not have, as after a restore.
import type { VenueOpenOrder } from '@bookrunner/sdk';
import { formatOrderId } from '../execution/order-id.js';
import { BrokerBench, type BrokerBenchOptions } from './broker-bench.fixture.js';

const TAG = 's0|CORE|20140505';

/** An engine on a data folder that was restored, before its broker has said what is there. */
export function restored(
  answer: { readonly units?: number; readonly protect?: object } = {},
  options: BrokerBenchOptions = {},
): BrokerBench {
  const bench = new BrokerBench(options);
  if (answer.units !== undefined) {
    bench.ready();
    bench.scene.answer(answer);
    bench.pump();
    bench.status('disconnected');
  }
  const guard = { kind: 'guard', guard: 'restored-data', subject: 'data folder', message: '' } as const;
  bench.scene.driver.event({ ...guard, at: bench.scene.now });
  return bench;
}

/** That session bought, as its orders and executions at the broker show. */
export function bought(bench: BrokerBench, qty: number): void {
  const fill = bench.broker.trade('buy', qty);
  Object.assign(fill, { orderId: formatOrderId(bench.scene.setup.runEpoch, 400), tag: TAG });
}

/** An order that it left open. */
export function left(bench: BrokerBench, sequence: number, terms: Partial<VenueOpenOrder> = {}): string {
  const clientOrderId = formatOrderId(bench.scene.setup.runEpoch, sequence);
  const qty = terms.qty ?? 100;
  bench.broker.open.set(clientOrderId, {
    ...{ clientOrderId, venueOrderId: `lost-${sequence}`, symbol: 'AAA', account: 'ACC', tag: TAG, ocoGroup: '' },
    ...{ side: 'sell', orderType: 'stop', qty, leavesQty: qty, limitPrice: Number.NaN, stopPrice: 90, ...terms },
  });
  return clientOrderId;
}
