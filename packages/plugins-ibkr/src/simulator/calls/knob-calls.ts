// Arguments of every knob, in their order. docs/tws-simulator-gateway.md is held to it.
import { z } from 'zod';
import type { ModelKnobs } from '../model/model-knobs.js';
import { PLAIN_CONTRACT, PLAIN_ORDER } from '../wire/plain-order.js';
import type { CallArguments } from './check-call.js';
import {
  clientId,
  code,
  currency,
  flag,
  instrument,
  money,
  name,
  order,
  orderId,
  price,
  text,
  times,
} from './values.js';
import { units, unitsOrNone } from './values.js';

const STATUSES = [
  'PendingSubmit',
  'ApiPending',
  'PreSubmitted',
  'Submitted',
  'PendingCancel',
  'ApiCancelled',
  'Cancelled',
  'Filled',
  'Inactive',
] as const;

const fillMessage = z.enum(['execution', 'openOrder', 'orderStatus', 'commission']);
const advice = { code, message: text.optional() };
const rejection = z.strictObject({ code, message: text, json: text, errorOnly: flag }).partial().optional();
const contract = z.strictObject(alike(PLAIN_CONTRACT)).partial();
const handOrder = z.looseObject({
  ...z.object(alike(PLAIN_ORDER)).partial().shape,
  action: z.enum(['BUY', 'SELL', 'SSHORT']),
  totalQuantity: units,
});

export const KNOB_CALLS = {
  withholdCommissions: {},
  sendWithheldCommissions: {},
  sayCommissions: { said: z.enum(['amount', 'minus-one', 'unset']) },
  sendCommissionsFirst: { isFirst: flag },
  tellFillsInOrder: { messages: z.array(fillMessage) },
  correctExecution: { execId: name, change: z.strictObject({ price, shares: units }).partial() },
  announceRevision: { execId: name },
  bustExecution: { execId: name },
  reportTradesTwice: { isTwice: flag },
  repeatExecution: { execId: name },
  fillBeforeNextCancel: { units: unitsOrNone },
  fillAfterNextCancel: { units: unitsOrNone },
  rejectNextOrder: { rejection },
  rejectNextOrderWithMalformedJson: {},
  adviseNextOrder: advice,
  swallowNextOrders: { count: times },
  splitNextModify: {},
  failNextCancel: advice,
  failNextModify: advice,
  dropFillsOf: { clientId, isDropped: flag.optional() },
  duplicateOrderMessages: { times: z.int().min(0).max(1000) },
  dropOrderStatus: { isDropped: flag },
  sayStatus: { name: order, status: z.enum(STATUSES) },
  fillOrder: { name: order, units, price: price.optional() },
  cancelOrder: { name: order, reason: text.optional() },
  placeByHand: { contract, order: handOrder },
  locateShares: { symbol: name },
  holdOrder: { name: order, why: text.optional() },
  releaseOrder: { name: order },
  competeForData: { isCompeting: flag },
  failNextMarketData: advice,
  failNextHistory: { message: text, code: code.optional() },
  permitData: { name: instrument, permission: z.enum(['live', 'delayed', 'none']) },
  pauseData: { isPaused: flag },
  loseSubscriptions: {},
  silenceBars: {},
  failBars: {},
  setNextOrderId: { clientId, orderId },
  setReadOnly: { isReadOnly: flag },
  deposit: { account: name, amount: money, currency },
  forgetUntransmitted: {},
} as const satisfies Record<keyof ModelKnobs, CallArguments>;

/** Members of the kinds that a plain contract or order has; what values they may take is for the gateway's own checks. */
function alike(plain: object): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, kindOf(value)]));
}

function kindOf(value: unknown): z.ZodType {
  if (typeof value === 'number') return z.number();
  if (typeof value === 'boolean') return flag;
  return typeof value === 'string' ? text : z.array(z.unknown());
}
