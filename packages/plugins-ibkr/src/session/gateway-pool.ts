import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Clock, Logger } from '@bookrunner/sdk';
import { connectionPart } from '../connection-options.js';
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
  readonly options: ConnectionOptions;
  readonly environment: GatewayEnvironment;
}

/** Whoever sends orders looks at it by itself. */
const OF_EACH_USER: ReadonlySet<string> = new Set(['readOnly']);

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

  gateway(asked: ConnectionOptions, environment: GatewayEnvironment): Gateway {
    const options = connectionPart(asked);
    const { host, port, clientId } = options;
    const { clock, logger, dataDir } = environment;
    const key = `${host}:${port}:${clientId}`;
    const known = this.#sessions.get(key);
    if (known !== undefined && !isOutlived(known, environment)) {
      const differ = differences(known.options, options);
      if (differ.length > 0) {
        logger.warn('Two users of one connection have different options for it; those of the first hold.', { differ });
      }
      return known.session;
    }
    const orderIdsPath = dataDir === undefined ? undefined : join(dataDir, 'ibkr', `order-ids-${clientId}.json`);
    const session = new GatewaySession(options, { clock, logger, orderIdsPath, random: this.#random });
    this.#sessions.set(key, { session, options, environment });
    return session;
  }
}

function differences(first: ConnectionOptions, second: ConnectionOptions): readonly string[] {
  const names = Object.keys(first) as (keyof ConnectionOptions)[];
  return names.filter((name) => !OF_EACH_USER.has(name) && !isDeepStrictEqual(first[name], second[name]));
}

/** Closed, and asked for by another engine of this process: a clock or a folder that is gone must not be used. */
function isOutlived({ session, environment }: Pooled, { clock, dataDir }: GatewayEnvironment): boolean {
  return session.state === 'closed' && (environment.clock !== clock || environment.dataDir !== dataDir);
}

/** The pool of this process: what feed and venue of an engine take. Empty until somebody asks. */
export const gatewayPool = new GatewayPool();
