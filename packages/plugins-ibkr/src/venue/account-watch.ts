// Keeps what the accounts are worth: asked whole, then told as it changes.
import type { AccountState, Clock } from '@bookrunner/sdk';
import { TWS_EVENT } from '../contracts/tws-names.js';
import { askGateway } from '../contracts/gateway-question.js';
import { ibkrError } from '../ibkr-errors.js';
import type { Gateway } from '../session/gateway.js';
import { AccountValues, type DeclaredPosition } from './account-values.js';

/** What a watch works with. */
export interface AccountWatchParts {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly limitMs: number;
  readonly accounts: () => readonly string[];
  /** Positions in instruments of engine.yaml, as last known. */
  readonly positions: () => readonly DeclaredPosition[];
  readonly push: (state: AccountState) => void;
}

interface Line {
  readonly requestId: number;
  readonly values: AccountValues;
  isWhole: boolean;
}

/** IB tells many rows for one change: they are one state. */
const GATHER_MS = 200;

export class AccountWatch {
  readonly #parts: AccountWatchParts;
  readonly #lines = new Map<string, Line>();
  /** By request, until they are whole. */
  readonly #asked = new Map<number, Line>();
  readonly #pushed = new Map<string, string>();
  readonly #changed = new Set<string>();
  #stopListening: () => void = () => undefined;
  #stopTimer: () => void = () => undefined;
  #isGathering = false;

  constructor(parts: AccountWatchParts) {
    this.#parts = parts;
  }

  open(): void {
    this.#stopListening = this.#parts.gateway.on(TWS_EVENT.accountUpdateMulti, (...told: never[]) =>
      this.#told(told as unknown as [number, string, string, string, string, string]),
    );
  }

  /** Ids of the accounts that are asked for. */
  get names(): readonly string[] {
    return this.#parts.accounts();
  }

  /** Asks for all accounts anew; the subscription goes on from there. Errors: IBKR_NOT_CONNECTED, IBKR_NO_ANSWER. */
  async ask(): Promise<void> {
    await Promise.all(this.#parts.accounts().map((account) => this.#askOne(account)));
  }

  /** What is known now; `positions` as of the same moment. */
  states(positions: readonly DeclaredPosition[]): readonly AccountState[] {
    const now = this.#parts.clock.nowUtc();
    return [...this.#lines.values()]
      .filter(({ isWhole }) => isWhole)
      .flatMap(({ values }) => values.states(now, positions));
  }

  /** The session that was asked is gone. */
  lost(): void {
    this.#lines.clear();
    this.#isGathering = false;
    this.#stopTimer();
  }

  close(): void {
    const { gateway } = this.#parts;
    this.#stopListening();
    for (const { requestId } of this.#lines.values()) {
      void gateway.send({ lane: 'data', write: (api) => api.cancelAccountUpdatesMulti(requestId) });
    }
    this.lost();
  }

  async #askOne(account: string): Promise<void> {
    const { gateway, limitMs } = this.#parts;
    const id = gateway.nextRequestId();
    const line: Line = { requestId: id, values: new AccountValues(account), isWhole: false };
    // Rows are gathered by request: those of the one before go on until this one is whole.
    this.#asked.set(id, line);
    try {
      await askGateway<true>(this.#parts, {
        ...{ id, lane: 'order', what: `worth of account ${account}`, limitMs },
        write: (api) => api.reqAccountUpdatesMulti(id, account, '', false),
        cancel: (api) => api.cancelAccountUpdatesMulti(id),
        listen: ({ answer }) => [
          // The library hands this one id over as text.
          gateway.on(TWS_EVENT.accountUpdateMultiEnd, (requestId: number | string) => {
            if (Number(requestId) === id) answer(true);
          }),
        ],
        refused: ({ code, message }) =>
          ibkrError('IBKR_NO_ANSWER', `The gateway does not tell of account ${account}: ${code}: ${message}`),
      });
    } finally {
      this.#asked.delete(id);
    }
    line.isWhole = true;
    // Another question may have been answered meanwhile.
    const before = this.#lines.get(account);
    this.#lines.set(account, line);
    if (before !== undefined) {
      void gateway.send({ lane: 'data', write: (api) => api.cancelAccountUpdatesMulti(before.requestId) });
    }
    this.#changed.add(account);
    this.#gather();
  }

  #told([requestId, account, , key, value, currency]: [number, string, string, string, string, string]): void {
    const asked = this.#asked.get(requestId);
    if (asked !== undefined) return asked.values.set(key, currency, value);
    const line = this.#lines.get(account);
    if (line?.requestId !== requestId) return;
    line.values.set(key, currency, value);
    this.#changed.add(account);
    this.#gather();
  }

  #gather(): void {
    const { clock } = this.#parts;
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#stopTimer = clock.callAt(clock.nowUtc() + GATHER_MS, () => {
      this.#isGathering = false;
      this.#push();
    });
  }

  /** In the account's own currency; what it has in others, snapshots tell. */
  #push(): void {
    const { clock, positions, push } = this.#parts;
    for (const account of this.#changed) {
      const [state] = this.#lines.get(account)?.values.states(clock.nowUtc(), positions()) ?? [];
      if (state === undefined) continue;
      const { equity, cash, margin, buyingPower } = state;
      const worth = [equity, cash, margin, buyingPower];
      // What is not known, the next row may tell; until then the last state stands.
      if (worth.some(Number.isNaN)) continue;
      const text = JSON.stringify(worth);
      if (this.#pushed.get(account) === text) continue;
      this.#pushed.set(account, text);
      push(state);
    }
    this.#changed.clear();
  }
}
