import { z } from 'zod';
import { connectionOptions } from '../connection-options.js';

/** Options of the venue in engine.yaml: those of the connection, and these. */
export const ibkrVenueOptions = connectionOptions.extend({
  /** IB's ids of the accounts traded; orders, executions and positions of others are not seen. All that the login manages unless given. */
  accounts: z.array(z.string().min(1)).min(1).optional(),
  /** Whether orders also work, and trigger, outside regular trading hours. */
  outsideRth: z.boolean().default(false),
  /** How long a fill waits for its commission, in milliseconds; later ones are told by themselves. 0: no fill waits. */
  commissionWaitMs: z.int().min(0).max(10_000).default(100),
  /** How long the gateway may take for an answer, in milliseconds; then an order is unknown, and a snapshot incomplete. */
  answerMs: z.int().min(100).max(60_000).default(5_000),
  /** How long executions that a status promises are waited for before they are asked for, in milliseconds. */
  settleMs: z.int().min(10).max(60_000).default(1_000),
  /** IANA zone of the gateway: older ones write times without one. That of this machine unless given. */
  timeZone: z.string().min(1).optional(),
});

/** Options of the venue, complete. */
export type IbkrVenueOptions = z.infer<typeof ibkrVenueOptions>;
