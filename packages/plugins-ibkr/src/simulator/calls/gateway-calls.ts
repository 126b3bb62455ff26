// Arguments of what moves the markets of the simulated gateway, in their order. docs/tws-simulator-gateway.md is held to it.
import { z } from 'zod';
import type { CallArguments } from './check-call.js';
import { instrument, price, unitsOrNone } from './values.js';

export const GATEWAY_CALLS = {
  quote: {
    name: instrument,
    change: z.strictObject({ bid: price, ask: price, bidSize: unitsOrNone, askSize: unitsOrNone }).partial(),
  },
  quoteOf: { name: instrument },
  /** An index has no sizes: its trades are of 0. */
  trade: { name: instrument, price, size: unitsOrNone },
  halt: {
    name: instrument,
    state: z.union([z.literal(0), z.literal(1), z.literal(2)], { error: 'has to be 0, 1 or 2' }),
  },
  letWalk: { name: instrument },
} as const satisfies Record<string, CallArguments>;
