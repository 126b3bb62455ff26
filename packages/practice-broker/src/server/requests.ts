// What may be asked of the broker, checked before it reaches the core.
import { z } from 'zod';

const number = z.union([z.number(), z.nan()]);
const ref = { clientOrderId: z.string(), symbol: z.string() };
const side = z.enum(['buy', 'sell']);

const order = z.object({
  ...ref,
  clientOrderId: z.string().min(1),
  side,
  qty: number,
  orderType: z.enum(['market', 'limit', 'stop', 'stop-limit', 'trailing-stop']),
  limitPrice: number,
  stopPrice: number,
  trail: number,
  tif: z.enum(['DAY', 'GTC', 'IOC', 'FOK', 'GTD']),
  expiresAt: number,
  tag: z.string(),
  account: z.string(),
  purpose: z.enum(['entry', 'exit', 'protection', 'kill']),
  ocoGroup: z.string(),
  parentId: z.string(),
  createdTs: number,
});

const quote = z.object({ bid: number, ask: number, last: number.default(Number.NaN) });
const change = z.object({
  qty: z.number().optional(),
  limitPrice: z.number().optional(),
  stopPrice: z.number().optional(),
});

/** Requests of venues and feeds, by op. */
export const CLIENT_REQUESTS = {
  login: z.object({ role: z.enum(['venue', 'feed', 'control']), account: z.string().default('') }),
  ping: z.object({}),
  submit: z.object({ orders: z.array(order).min(1) }),
  cancel: z.object({ ...ref, venueOrderId: z.string().default('') }),
  replace: z.object({ ...ref, change }),
  snapshot: z.object({}),
  instrument: z.object({ symbol: z.string() }),
  subscribe: z.object({ symbols: z.array(z.string()) }),
} as const;

/** Commands of control connections, by op. */
export const CONTROL_REQUESTS = {
  truth: z.object({}),
  tick: z.object({ count: z.int().min(1).default(1) }),
  quote: z.object({ symbol: z.string(), ...quote.shape }),
  script: z.object({ symbol: z.string(), quotes: z.array(quote) }),
  'external-order': z.object({
    account: z.string(),
    order: order.partial().required({ symbol: true, side: true, qty: true }).omit({ clientOrderId: true }),
  }),
  'external-fill': z.object({
    account: z.string(),
    fill: z.object({
      clientOrderId: z.string().optional(),
      symbol: z.string(),
      side,
      qty: z.number(),
      price: z.number(),
    }),
  }),
  bust: z.object({ executionId: z.string() }),
  correct: z.object({ executionId: z.string(), qty: z.number().optional(), price: z.number().optional() }),
  deposit: z.object({ account: z.string(), amount: z.number() }),
  faults: z.object({ faults: z.array(z.unknown()) }),
  'clear-faults': z.object({}),
  cut: z.object({}),
  silent: z.object({ silent: z.boolean() }),
  'refuse-logins': z.object({ refuse: z.boolean() }),
  'skew-clock': z.object({ skewMs: z.number() }),
  'damaged-tick': z.object({ symbol: z.string() }),
} as const;
