import type { Clock } from '../../interfaces/clock.js';
import type { FaultLog } from './fault-log.js';
import type { Strike } from './fault-script.js';
import type { FaultyLine } from './faulty-line.js';
import type { FeedFault } from './feed-fault.js';
import { Reordering } from './reordering.js';
import type { Transit } from './transit.js';
import type { VenueFault } from './venue-fault.js';

/** A message and how a person reads it. */
export interface Message {
  readonly what: string;
  deliver(): void;
}

/** What a message's way needs. */
export interface MessageRouteOptions {
  readonly clock: Clock;
  readonly log: FaultLog;
  readonly transit: Transit;
  readonly line: FaultyLine;
}

/** Where a message goes before it is delivered. */
interface Detour {
  isLost: boolean;
  copies: number;
  delayMs: number;
  behind: number;
}

const DELAY_MS = 1_000;

/** The way of messages over a line: straight, or lost, late, more than once, behind others. */
export class MessageRoute {
  readonly #options: MessageRouteOptions;
  readonly #reordering = new Reordering();

  constructor(options: MessageRouteOptions) {
    this.#options = options;
  }

  /** Sends a message on its way, with the faults that happen to it. */
  send(message: Message, strikes: readonly Strike<VenueFault | FeedFault>[]): void {
    const detour: Detour = { isLost: false, copies: 1, delayMs: 0, behind: 0 };
    for (const { fault } of strikes) this.#change(detour, fault, message.what);
    if (detour.isLost) return;
    for (let i = 0; i < detour.copies; i += 1) this.#sendOne(message, detour);
  }

  /** Delivers over the line as it is when the message arrives. */
  arrive({ what, deliver }: Message): void {
    if (!this.#options.line.pass(deliver)) this.#options.log.add('', `lost with the connection: ${what}`);
  }

  /** Forgets what was held back for others to overtake. */
  clear(): void {
    this.#reordering.clear();
  }

  #change(detour: Detour, fault: VenueFault | FeedFault, what: string): void {
    const { log } = this.#options;
    switch (fault.kind) {
      case 'lose-report':
      case 'lose-tick':
        detour.isLost = true;
        return log.add(fault.kind, what);
      case 'duplicate-report':
      case 'duplicate-tick':
        detour.copies = fault.copies ?? 2;
        return log.add(fault.kind, `${what}, ${detour.copies} times`);
      case 'delay-report':
      case 'delay-tick':
        detour.delayMs = fault.delayMs ?? DELAY_MS;
        return log.add(fault.kind, `${what}, by ${detour.delayMs} ms`);
      case 'reorder-reports':
      case 'reorder-ticks':
        detour.behind = fault.count ?? 1;
        detour.delayMs = Math.max(detour.delayMs, fault.holdMs ?? DELAY_MS);
        return log.add(fault.kind, `${what}, behind the next ${detour.behind}, or after ${detour.delayMs} ms`);
      default:
    }
  }

  #sendOne(message: Message, { delayMs, behind }: Detour): void {
    const { transit, clock } = this.#options;
    if (delayMs > 0) {
      const parcel = transit.send(clock.nowUtc() + delayMs, () => this.arrive(message));
      if (behind > 0) this.#reordering.holdBack(parcel, behind);
      return;
    }
    this.arrive(message);
    this.#reordering.onePassed();
  }
}
