import type { Command, EpochMs } from '@bookrunner/sdk';

/** How long a question stays open. */
export const CONFIRMATION_MS = 60_000;

/** Options of {@link Confirmations}. */
export interface ConfirmationsOptions {
  readonly now: () => EpochMs;
  /** A text nobody can guess. */
  readonly token: () => string;
}

interface Pending {
  readonly wish: string;
  readonly expires: EpochMs;
}

/** Questions that wait for a yes. A token is good once, for one minute, and for the very command and actor it was given to. */
export class Confirmations {
  readonly #options: ConfirmationsOptions;
  readonly #pending = new Map<string, Pending>();

  constructor(options: ConfirmationsOptions) {
    this.#options = options;
  }

  /** A token for a command. */
  ask(command: Command): string {
    const now = this.#options.now();
    for (const [token, pending] of this.#pending) if (pending.expires <= now) this.#pending.delete(token);
    const token = this.#options.token();
    this.#pending.set(token, { wish: wishOf(command), expires: now + CONFIRMATION_MS });
    return token;
  }

  /** Whether the token confirms the command; it is used up in any case. */
  confirm(command: Command, token: string): boolean {
    const pending = this.#pending.get(token);
    this.#pending.delete(token);
    return pending !== undefined && pending.wish === wishOf(command) && this.#options.now() < pending.expires;
  }
}

function wishOf({ name, args, actor }: Command): string {
  const sorted = Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, sorted, actor]);
}
