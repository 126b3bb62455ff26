// A wire as bad as it gets while still carrying all that matters: what the suites with faults run on.
import type { FaultRule } from '../../simulator/index.js';
import type { WireTrouble } from './scene.js';

const ORDER_MESSAGES = ['commissionReport', 'execDetails', 'orderStatus', 'openOrder'] as const;

/** What ends a list of these messages stays at its end. */
const ENDS = ['execDetailsEnd', 'openOrderEnd'];

/** Messages of one moment in this order. */
export function reordered(order: readonly string[]): FaultRule {
  return { kind: 'reorder-messages', order: [...order, ...ENDS], times: 'all' };
}

/**
 * Frames in pieces and joined, both ways; every message of orders and positions twice; executions, commissions, statuses and open
 * orders in another order; every third status lost; a gateway that speaks version 178.
 */
export function wireTrouble(seed: number): WireTrouble {
  const at = seed % ORDER_MESSAGES.length;
  const order = [...ORDER_MESSAGES.slice(at), ...ORDER_MESSAGES.slice(0, at)];
  const twice = [...ORDER_MESSAGES, 'position'].map((on): FaultRule => ({
    kind: 'duplicate-message',
    on,
    copies: 1,
    times: 'all',
  }));
  return {
    settings: { serverVersion: 178, framing: { kind: 'pieces', maxPieceBytes: 400 } },
    rules: [...twice, reordered(order), { kind: 'drop-message', on: 'orderStatus', chance: 1 / 3, times: 'all' }],
    clientPieceBytes: 60,
  };
}

/** The same for data: what stands is told twice, as IB does; a trade told twice would be two. */
export function wireTroubleOfData(): WireTrouble {
  const twice = ['tickPrice', 'tickSize', 'marketDataType', 'tickRequestParameters'].map((on): FaultRule => ({
    kind: 'duplicate-message',
    on,
    copies: 1,
    times: 'all',
  }));
  return {
    settings: { serverVersion: 178, framing: { kind: 'pieces', maxPieceBytes: 400 } },
    rules: twice,
    clientPieceBytes: 60,
  };
}
