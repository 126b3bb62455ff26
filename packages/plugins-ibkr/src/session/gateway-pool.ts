import { join } from 'node:path';
import type { Clock, Logger } from '@bookrunner/sdk';
import type { ConnectionOptions } from '../connection-options.js';
import { GatewaySession } from './gateway-session.js';
import type { Gateway } from './gateway.js';

/** Where a session lives: what a plugin context offers. */
export interface GatewayEnvironment {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Keeps the order ids, in `ibkr/`; absent, they start anew in each process. */
  readonly dataDir?: string;
}

interface Pooled {
  readonly session: GatewaySession;
  readonly environment: GatewayEnvironment;
}

/**
 * Sessions by host, port and client id: whoever asks for the same gets the same, so that feed and venue share one connection and its
 * limit. Options besides these three are those of who asked first. Nothing connects before a user attaches.
 */
export class GatewayPool {
  readonly #sessions = new Map<string, Pooled>();
  readonly #random: () => number;

  /** `random` (from 0 up to 1) spreads attempts to connect. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  gateway(options: ConnectionOptions, environment: GatewayEnvironment): Gateway {
    const { host, port, clientId } = options;
    const key = `${host}:${port}:${clientId}`;
    const known = this.#sessions.get(key);
    if (known !== undefined && !isOutlived(known, environment)) return known.session;
    const { clock, logger, dataDir } = environment;
    const orderIdsPath = dataDir === undefined ? undefined : join(dataDir, 'ibkr', `order-ids-${clientId}.json`);
    const session = new GatewaySession(options, { clock, logger, orderIdsPath, random: this.#random });
    this.#sessions.set(key, { session, environment });
    return session;
  }
}

/** Closed, and asked for by another engine of this process: a clock or a folder that is gone must not be used. */
function isOutlived({ session, environment }: Pooled, { clock, dataDir }: GatewayEnvironment): boolean {
  return session.state === 'closed' && (environment.clock !== clock || environment.dataDir !== dataDir);
}

/** The pool of this process: what feed and venue of an engine take. Empty until somebody asks. */
export const gatewayPool = new GatewayPool();
