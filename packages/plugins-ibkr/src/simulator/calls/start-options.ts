// What a simulator may be started with, checked before it is.
import { z } from 'zod';
import type { WireSettings } from '../server/gateway-world.js';
import { MAX_SERVER_VERSION, MIN_SERVER_VERSION } from '../server/handshake.js';
import type { WireOptions } from '../start-tws-simulator.js';
import { checkObject, count, GATEWAY_OPTIONS, zone } from './gateway-options.js';
import { flag, milliseconds, name } from './values.js';

const framing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('whole') }),
  z.strictObject({ kind: z.literal('pieces'), maxPieceBytes: z.int().min(1) }),
]);
/** Settings of the wire, each checked whenever it is assigned. */
const WIRE_SETTINGS = {
  serverVersion: z.int().min(MIN_SERVER_VERSION).max(MAX_SERVER_VERSION),
  clientIdLingerMs: milliseconds,
  isReadOnly: flag,
  messageRate: z.strictObject({ perSecond: count, strikes: count }).optional(),
  framing,
  maxBufferedBytes: z.int().min(1),
  maxClients: count,
} satisfies Record<keyof WireSettings, z.ZodType>;

const object = z.custom<object>((value) => typeof value === 'object' && value !== null, 'has to be an object');

const WIRE_OPTIONS = {
  host: name,
  port: z.int().min(0).max(65_535),
  clock: object,
  seed: GATEWAY_OPTIONS.seed,
  settings: z.strictObject(WIRE_SETTINGS).partial(),
  transcriptEntries: z.int().min(0),
  timeZone: zone,
  onModelFault: z.custom<(error: unknown) => void>((value) => typeof value === 'function', 'has to be a function'),
} satisfies Record<keyof WireOptions, z.ZodType>;

const startOptions = z.strictObject({ ...GATEWAY_OPTIONS, ...WIRE_OPTIONS }).partial();
const customOptions = z.strictObject({ ...WIRE_OPTIONS, model: z.unknown() }).partial();

/** Errors: SIMULATOR_CALL. Options of the wire stand beside those of the gateway, or beside a model. */
export function checkStartOptions(options: object): void {
  checkObject('startTwsSimulator(options?)', 'model' in options ? customOptions : startOptions, options);
}

/** The settings, each of which is checked when it is assigned. Errors of that: SIMULATOR_CALL. */
export function checkedSettings(settings: WireSettings): WireSettings {
  return new Proxy(settings, {
    set(target, key, value: unknown) {
      checkObject('faults.settings', z.strictObject(WIRE_SETTINGS).partial(), { [key]: value });
      return Reflect.set(target, key, value);
    },
  });
}
