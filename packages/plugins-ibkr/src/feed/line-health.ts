// How the data of one instrument stands: every trouble is remembered by itself, and the worst is what is told.
import type { FeedState } from '@bookrunner/sdk';
import { DATA_TYPE } from '../contracts/tws-names.js';
import type { IbkrErrorCode } from '../ibkr-errors.js';

/** State of one instrument with its reason. */
export interface LineState {
  readonly state: FeedState;
  readonly reason: IbkrErrorCode | '';
  readonly message: string;
}

/** What may be wrong, worst first. A row that arrives ends those after `halted`. */
const TROUBLES = ['failed', 'halted', 'competing', 'not-subscribed', 'farm'] as const;

/** One of the troubles. */
export type Trouble = (typeof TROUBLES)[number];

const LIVE: LineState = { state: 'live', reason: '', message: 'Live data comes.' };
const DELAYED: LineState = {
  state: 'delayed',
  reason: 'IBKR_DATA_DELAYED',
  message: 'The gateway tells delayed data: its prices are some 15 minutes old.',
};
const DELAYED_REFUSED: LineState = {
  state: 'stale',
  reason: 'IBKR_DATA_DELAYED',
  message: 'The gateway tells delayed data, which `marketData: live` does not take.',
};
const FROZEN: LineState = {
  state: 'stale',
  reason: 'IBKR_DATA_FROZEN',
  message: 'The gateway tells the last quote before the close.',
};

/** The health of one instrument's data. */
export class LineHealth {
  readonly #takesDelayed: boolean;
  readonly #onChange: (state: LineState) => void;
  readonly #troubles = new Map<Trouble, LineState>();
  /** Not told yet is taken as live: gateways do not always tell. */
  #dataType: number = DATA_TYPE.live;
  #told: LineState = LIVE;
  /** Whether rows may be delivered: never what is not what the option asks for. */
  isOpen = true;
  /** Whether a row that arrives changes the state. */
  isRecovering = false;

  constructor(takesDelayed: boolean, onChange: (state: LineState) => void) {
    this.#takesDelayed = takesDelayed;
    this.#onChange = onChange;
  }

  get state(): LineState {
    return this.#told;
  }
  has(trouble: Trouble): boolean {
    return this.#troubles.has(trouble);
  }

  /** From the gateway's own word, never from what was asked for. */
  setDataType(type: number): void {
    this.#dataType = type;
    this.#tell();
  }

  get dataType(): number {
    return this.#dataType;
  }

  /** Something is wrong. */
  add(trouble: Trouble, state: LineState): void {
    this.#troubles.set(trouble, state);
    this.#tell();
  }

  /** What is wrong is the same, for another reason in words. */
  rename(trouble: Trouble, message: string): void {
    const known = this.#troubles.get(trouble);
    if (known !== undefined) this.add(trouble, { ...known, message });
  }

  /** It is no longer. */
  clear(...troubles: readonly Trouble[]): void {
    for (const trouble of troubles) this.#troubles.delete(trouble);
    this.#tell();
  }

  /** A subscription begins anew. A farm that is broken stays so. */
  restart(isFarmBroken = false): void {
    this.#dataType = DATA_TYPE.live;
    for (const trouble of TROUBLES) if (trouble !== 'farm' || !isFarmBroken) this.#troubles.delete(trouble);
    this.#tell();
  }

  /** What is told to somebody who comes later; undefined where all is well. */
  get trouble(): LineState | undefined {
    return this.#told === LIVE ? undefined : this.#told;
  }

  /** A row arrived: whatever spoke against data is over; a halt is not. */
  onRow(): void {
    this.clear('failed', 'competing', 'not-subscribed', 'farm');
  }

  #tell(): void {
    const { isFrozen, isDelayed } = this.#kind();
    this.isOpen = !isFrozen && (!isDelayed || this.#takesDelayed);
    this.isRecovering = TROUBLES.some((trouble) => trouble !== 'halted' && this.#troubles.has(trouble));
    const state = this.#worst();
    const isNews = state.state !== this.#told.state || state.reason !== this.#told.reason;
    this.#told = state;
    if (isNews) this.#onChange(state);
  }

  #worst(): LineState {
    for (const trouble of TROUBLES) {
      const state = this.#troubles.get(trouble);
      if (state !== undefined) return state;
    }
    const { isFrozen, isDelayed } = this.#kind();
    if (isFrozen) return FROZEN;
    if (!isDelayed) return LIVE;
    return this.#takesDelayed ? DELAYED : DELAYED_REFUSED;
  }

  #kind(): { readonly isFrozen: boolean; readonly isDelayed: boolean } {
    const type = this.#dataType;
    return {
      isFrozen: type === DATA_TYPE.frozen || type === DATA_TYPE.delayedFrozen,
      isDelayed: type === DATA_TYPE.delayed,
    };
  }
}
