// What a simulated gateway may be made with.
import { z } from 'zod';
import { instrumentSchema } from '../model/instruments/instrument-schema.js';
import type { SimulatorOptions } from '../model/simulator-options.js';
import { callError } from './check-call.js';
import { clientId, currency, flag, milliseconds, money, name, unitsOrNone } from './values.js';

export const count = z.int().min(1).max(1_000_000);
const share = z.number().min(-1000).max(1000);
const permission = z.enum(['live', 'delayed', 'none']);
export const zone = z.string().refine(isZone, 'has to be an IANA time zone, such as US/Eastern');

export const GATEWAY_OPTIONS = {
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  accounts: z
    .array(z.strictObject({ id: name, baseCurrency: currency.optional(), cash: z.record(currency, money).optional() }))
    .min(1),
  instruments: z.array(instrumentSchema),
  ticksPerSecond: z.number().min(0).max(1000),
  hours: z.enum(['exchange', 'always']),
  timeZone: zone,
  fillSize: z.union([z.enum(['quoted', 'whole']), z.number().positive()], {
    error: "has to be 'quoted', 'whole' or a number of units",
  }),
  restingCopies: count,
  cancelMs: milliseconds,
  commission: z
    .strictObject({ perUnit: share, minimum: z.number().min(0).max(1_000_000), ofValue: share, currency })
    .partial(),
  dataPermissions: z.record(name, permission),
  dataPermission: permission,
  marketDataLines: z.int().min(0),
  tickByTickLimit: z.int().min(0),
  historyPacing: z.enum(['small-bars', 'all', 'off']),
  historyMs: milliseconds,
  fractionalShares: flag,
  activeOrderLimit: z.int().min(0),
  maxOrderSize: z.union([unitsOrNone, z.literal(Number.POSITIVE_INFINITY)], { error: 'has to be a number of units' }),
  hardToBorrow: z.array(name),
  masterClientId: clientId,
  pushOpenOrders: flag,
  permIdLate: flag,
  executionDays: count,
} satisfies Record<keyof SimulatorOptions, z.ZodType>;

const gatewayOptions = z.object(GATEWAY_OPTIONS).partial();

/** Errors: SIMULATOR_CALL. */
export function checkGatewayOptions(options: object): void {
  checkObject('new SimulatedGateway(options?, clock?)', gatewayOptions, options);
}

/** Errors: SIMULATOR_CALL, with the path of each member that cannot be. */
export function checkObject(call: string, schema: z.ZodType, value: unknown): void {
  const checked = schema.safeParse(value);
  if (checked.success) return;
  const faults = checked.error.issues.map(({ path, message }) => [path.map(String).join('.'), message]);
  throw callError(call, faults.map((fault) => fault.filter((part) => part !== '').join(': ')).join('; '));
}

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
