import type { HaltDecision, OrderRequest, PortfolioView, RiskDecision, RiskPolicy } from '@bookrunner/sdk';
import { z } from 'zod';

/** Options in engine.yaml. */
export const myRiskPolicyOptions = z.strictObject({
  maxUnits: z.number().positive().default(1_000).describe('Largest position in units, on either side.'),
  maxLossDayBps: z
    .number()
    .positive()
    .default(150)
    .describe('Loss of a day at which the scope halts, in basis points.'),
});

const APPROVED: RiskDecision = { kind: 'approve' };

/** A cap on positions and a halt on the day's loss. */
export class MyRiskPolicy implements RiskPolicy {
  readonly #options: z.output<typeof myRiskPolicyOptions>;

  constructor(options: z.output<typeof myRiskPolicyOptions>) {
    this.#options = options;
  }

  check(order: OrderRequest, view: PortfolioView): RiskDecision {
    // The way out is never closed.
    if (order.reduces) return APPROVED;
    const value = view.price(order.symbol) * view.unitValue(order.symbol);
    if (!(value > 0)) return { kind: 'refuse', reason: 'PRICE_UNKNOWN', message: 'The price is not known.' };
    const direction = order.side === 'buy' ? 1 : -1;
    const held = direction * (view.position(order.symbol) + view.working(order.symbol));
    const room = this.#options.maxUnits - held;
    if (order.qty <= room) return APPROVED;
    const message = `Position and order are ${held + order.qty} units; the cap is ${this.#options.maxUnits}.`;
    if (room > 0) return { kind: 'trim', qty: room, reason: 'MAX_UNITS', message };
    return { kind: 'refuse', reason: 'MAX_UNITS', message };
  }

  onState(view: PortfolioView): HaltDecision | undefined {
    if (!(view.dayPnlBps < -this.#options.maxLossDayBps)) return undefined;
    return { reason: 'LOSS_DAY', message: `The day stands at ${view.dayPnlBps} bps.`, until: 'next-day' };
  }
}
