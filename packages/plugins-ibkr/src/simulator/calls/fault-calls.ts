// Arguments of every call of `faults` and of `faults.connectivity`, in their order. docs/tws-simulator.md is held to it.
import { z } from 'zod';
import type { Connectivity } from '../server/connectivity.js';
import type { WireFaults } from '../server/wire-faults.js';
import type { CallArguments } from './check-call.js';
import { action, clientId, code, flag, milliseconds, name, text, times } from './values.js';

const style = z.enum(['rst', 'fin', 'half-open']);
const farm = z.enum(['market-data', 'history', 'contracts']);
const some = z.int().min(1).max(1000);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'has to be a Buffer');

const restart = z
  .strictObject({
    ...{ downMs: milliseconds, clientIdRefusals: times, forgottenIds: times, stepMs: milliseconds },
    ...{ upstreamLosses: z.int().min(0).max(1000), isDataLost: flag },
  })
  .partial();

export const FAULT_CALLS = {
  clear: {},
  cutAfterBytes: { bytes: z.int().min(1), how: style.optional() },
  cut: { how: style.optional(), clientId: clientId.optional() },
  refuseConnections: { forMs: milliseconds },
  forgetLingeringIds: {},
  after: { delayMs: milliseconds, action },
  announce: { code, message: text },
  flapFarm: { kind: farm, name, forMs: milliseconds },
  resetPort: { newPort: z.int().min(1).max(65_535) },
  sendRaw: { fields: z.array(text), clientId: clientId.optional() },
  sendBytes: { bytes, clientId: clientId.optional() },
  dailyRestart: { options: restart.optional() },
} as const satisfies Record<Exclude<keyof WireFaults, 'settings' | 'connectivity' | 'set'>, CallArguments>;

export const CONNECTIVITY_CALLS = {
  loseUpstream: {
    options: z
      .strictObject({
        code: z.union([z.literal(1100), z.literal(2110)], { error: 'has to be 1100 or 2110' }),
        repeats: some,
      })
      .partial()
      .optional(),
  },
  restoreUpstream: { options: z.strictObject({ isDataLost: flag }).partial().optional() },
  breakFarm: { kind: farm, name },
  mendFarm: { kind: farm, name },
  startCompeting: {},
  stopCompeting: {},
  reset: {},
  announce: { code, message: text },
} as const satisfies Partial<Record<keyof Connectivity, CallArguments>>;
