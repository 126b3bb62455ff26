// Orders that a saved venue names, as the kernel has them.
import { OrderRecord } from '../../execution/order-record.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { OrderOf } from '../../simulated-venue/venue-state.js';

/** An order that is over is made again where a request for it is still on its way: the venue will answer that it does not work. */
export function orderOf({ parts }: Kernel): OrderOf {
  return ({ sequence, instrumentIndex }) => {
    const live = parts.desk.find(sequence);
    if (live !== undefined || instrumentIndex === undefined) return live;
    const owner = parts.execution.slots.find((slot) => slot.instrumentIndex === instrumentIndex);
    return owner === undefined ? undefined : Object.assign(new OrderRecord(owner, sequence), { status: 'cancelled' });
  };
}
