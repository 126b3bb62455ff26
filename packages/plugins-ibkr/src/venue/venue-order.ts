// One order as the venue keeps it: its state, and what the wire needs to change or cancel it.
import type { EpochMs } from '@bookrunner/sdk';
import type { Contract, Order as IbOrder } from '@stoqey/ib';
import type { QualifiedContract } from '../contracts/qualified-contract.js';
import type { IbOrderState } from './ib-order-state.js';
import { isLive } from './order-status.js';

/** What an order is made from. */
export interface VenueOrderParts {
  /** Ours, or `ib:` and the permId for an order that no engine gave. */
  readonly id: string;
  /** Whether this process sent it. */
  readonly isSent: boolean;
  readonly state: IbOrderState;
  readonly contract: Contract;
  readonly qualified: QualifiedContract | undefined;
  readonly wire?: IbOrder;
}

/** One order of an account of ours, whoever gave it. */
export class VenueOrder {
  readonly id: string;
  readonly isSent: boolean;
  readonly state: IbOrderState;
  readonly contract: Contract;
  /** Undefined for a contract that engine.yaml does not name, or that has not been asked for yet. */
  qualified: QualifiedContract | undefined;
  /** Its fields as a change has to repeat them; undefined until an open order showed them. */
  wire: IbOrder | undefined;
  /** By which the last whole list of open orders has shown it at work although it was over; undefined where it has not. */
  workingId: number | undefined;
  /** Every id by which a session could name it: its children go on naming the one it was sent by, after the session as well. */
  readonly orderIds = new Set<number>();
  /** When the gateway last spoke of it. */
  heardAt: EpochMs = Number.NaN;

  constructor({ id, isSent, state, contract, qualified, wire }: VenueOrderParts) {
    this.id = id;
    this.isSent = isSent;
    this.state = state;
    this.contract = contract;
    this.qualified = qualified;
    this.wire = wire;
  }

  /** Whether it was sent as a child of the other, which is of this client as well. */
  isChildOf(parent: VenueOrder): boolean {
    const { symbol, account } = parent.state.terms;
    const isAlike = this.state.terms.symbol === symbol && this.state.terms.account === account;
    return isAlike && !this.isForeign && parent.orderIds.has(this.wire?.parentId ?? 0);
  }

  /** Ids that a cancel has to name; none where it is over, or another client's. */
  get cancelIds(): readonly number[] {
    if (!this.state.isOver) return this.state.permIds.orderIds;
    return this.workingId === undefined ? [] : [this.workingId];
  }

  /** Whether it may trade, as far as anybody has said. */
  get mayWork(): boolean {
    return !this.state.isOver || this.workingId !== undefined;
  }

  /** Whether a list of open orders shows it open with this status. Inactive may be held, whatever was thought of it; refused as it came it is not. */
  isOpenAs(status: string): boolean {
    return isLive(status) ?? !(this.state.isOver && this.state.wasRefused);
  }

  /** Not of any engine. */
  get isForeign(): boolean {
    return this.id.startsWith(FOREIGN);
  }
}

const FOREIGN = 'ib:';

/** Id of an order that no engine gave. */
export function foreignId(permId: number, clientId: number, orderId: number): string {
  return permId === 0 ? `${FOREIGN}${clientId}/${orderId}` : `${FOREIGN}${permId}`;
}
