// All orders of our accounts, whoever gave them. What the gateway says finds its order here, and goes on as reports.
import { type Clock, DAY_MS, type EpochMs, type Logger, type VenueReport } from '@bookrunner/sdk';
import type { Contract, Order as IbOrder, OrderState } from '@stoqey/ib';
import type { QualifiedContract } from '../contracts/qualified-contract.js';
import { IbOrderState } from './ib-order-state.js';
import type { IbOrderStateParts } from './ib-order-state-parts.js';
import type { IbExecution, IbFee } from './ib-execution.js';
import { repeatable } from './ib-order.js';
import { OrderIndex } from './order-index.js';
import type { OrderReport } from './order-report.js';
import { quantityDecimalsOf } from './order-prices.js';
import { readOrderRef } from './order-reference.js';
import { statusKind } from './order-status.js';
import type { OrderTerms } from './order-terms.js';
import { isCombination, type OrderWording } from './order-wording.js';
import { foreignId, VenueOrder } from './venue-order.js';
import type { ToldOpenOrder, ToldStatus } from './wire-events.js';

/** What a register works with. */
export interface OrderRegisterParts extends Pick<IbOrderStateParts, 'clock' | 'commissionWaitMs' | 'settleMs' | 'ask'> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly clientId: number;
  readonly wording: OrderWording;
  readonly isOurs: (account: string) => boolean;
  /** Reports without a time of their own. */
  readonly report: (report: Omit<VenueReport, 'ts'>) => void;
  readonly alarm: (code: string, message: string) => void;
  /** One of two orders under a reference is cancelled, the other lives. */
  readonly cancelRest: (order: VenueOrder) => void;
}

/** What is told of an order that no engine gave: what it does to positions. */
const ABOUT_FOREIGN: ReadonlySet<OrderReport['kind']> = new Set(['filled', 'corrected', 'commission']);
/** Fees kept for executions that have not come; of a combination's summary it never comes. */
const MOST_EARLY_FEES = 1_000;

export class OrderRegister {
  readonly #parts: OrderRegisterParts;
  readonly #index = new OrderIndex();
  readonly #ownerOf = new Map<string, VenueOrder>();
  readonly #fees = new Map<string, IbFee>();
  #added = 0;
  #listedAt: EpochMs = Number.NEGATIVE_INFINITY;
  /** The first reconciliation is done: whatever is executed from then on is told. */
  #isBaselined = false;

  constructor(parts: OrderRegisterParts) {
    this.#parts = parts;
  }

  get all(): readonly VenueOrder[] {
    return this.#index.all;
  }

  find(clientOrderId: string): VenueOrder | undefined {
    return this.#index.find(clientOrderId);
  }

  /** By the id that IB gave, as reports and snapshots show it. */
  byVenueOrderId(venueOrderId: string): VenueOrder | undefined {
    return this.#index.byPermId(Number(venueOrderId)) ?? this.#index.find(`ib:${venueOrderId}`);
  }

  /** The order that an execution is of. */
  ownerOf(executionId: string): VenueOrder | undefined {
    return this.#ownerOf.get(executionId);
  }

  /** By any name of an open order. */
  named(reference: string | undefined, permId: number): VenueOrder | undefined {
    const ours = readOrderRef(reference)?.clientOrderId;
    return (ours === undefined ? undefined : this.#index.find(ours)) ?? this.#index.byPermId(permId);
  }

  feeOf(executionId: string): IbFee | undefined {
    return this.#fees.get(executionId);
  }

  /** An order that is about to be sent. */
  addSent(
    terms: OrderTerms,
    wire: IbOrder,
    at: { readonly orderId: number; readonly qualified: QualifiedContract },
  ): VenueOrder {
    const { orderId, qualified } = at;
    const { contract } = qualified;
    const state = this.#state(terms.clientOrderId, terms, qualified);
    const order = new VenueOrder({ id: terms.clientOrderId, isSent: true, state, contract, qualified, wire });
    state.permIds.sent(orderId);
    order.orderIds.add(orderId);
    this.#add(order);
    this.#index.nameOrderId(orderId, order);
    return order;
  }

  /** It certainly never left. */
  forget(order: VenueOrder): void {
    order.state.stop();
    this.#index.remove(order);
  }

  onOpenOrder(told: ToldOpenOrder): void {
    const { orderId, permId, clientId, contract, wire, status } = told;
    const { isOurs, wording } = this.#parts;
    if (wire.whatIf === true || !isOurs(told.account)) return;
    const order = this.#heard(this.#orderOf(told));
    const isReachable = clientId === this.#parts.clientId && orderId !== 0;
    order.wire = repeatable(wire);
    order.qualified ??= wording.qualified(contract);
    if (isReachable) {
      this.#index.nameOrderId(orderId, order);
      order.orderIds.add(orderId);
    }
    this.#index.namePermId(permId, order);
    const seen = { status, permId, filled: Number.NaN, whyHeld: '' };
    const terms = wording.changeableTerms(contract, wire);
    order.state.onStatus({ ...seen, orderId: isReachable ? orderId : Number.NaN }, terms);
  }

  onStatus({ orderId, status, filled, permId, clientId, whyHeld }: ToldStatus): void {
    const isOfSession = clientId === undefined || clientId === this.#parts.clientId;
    const order = this.#index.byPermId(permId) ?? (isOfSession ? this.#index.byOrderId(orderId) : undefined);
    if (order === undefined) return;
    this.#heard(order);
    this.#index.namePermId(permId, order);
    const usable = isOfSession && orderId !== 0 ? orderId : Number.NaN;
    order.state.onStatus({ status, filled, permId, whyHeld, orderId: usable });
  }

  /** `isReplay`: told since it was asked for. */
  onExecution(execution: IbExecution, isReplay: boolean): void {
    const { account, contract, executionId, permId } = execution;
    if (!this.#parts.isOurs(account) || isCombination(contract)) return;
    const order = this.#heard(this.#orderOfExecution(execution));
    this.#index.namePermId(permId, order);
    const isNew = !this.#ownerOf.has(executionId);
    this.#ownerOf.set(executionId, order);
    if (execution.isProvisional && isNew)
      this.#parts.logger.warn('The price of an execution may still be revised.', { executionId });
    const fee = this.#fees.get(executionId);
    const at = Number.isNaN(execution.ts) ? { ...execution, ts: this.#parts.clock.nowUtc() } : execution;
    if (this.#isOld(order, isReplay)) order.state.onOldExecution(at, fee);
    else order.state.onExecution(at, fee);
  }

  onFee(fee: IbFee): void {
    const { executionId } = fee;
    this.#fees.set(executionId, fee);
    const order = this.#ownerOf.get(executionId);
    if (order === undefined) return this.#forgetEarlyFees();
    if (this.#isBaselined || order.isSent) order.state.onFee(fee);
    else order.state.fills.keepFee(fee);
  }

  /** False where the id is of no order of this session. */
  onCode(orderId: number, code: number, message: string): boolean {
    const order = this.#index.byOrderId(orderId);
    if (order === undefined) return false;
    const { consequence, text } = order.state.onCode(code, message);
    // Whatever else it does, a report tells.
    if (consequence === 'advisory')
      this.#parts.logger.warn('The gateway says of an order that lives.', { order: order.id, text });
    return true;
  }

  onCompleted(wire: IbOrder, { status, completedStatus = '' }: OrderState): void {
    const order = this.named(wire.orderRef, wire.permId ?? 0);
    // One of two under a reference may be over while the other works.
    const isWhole = order?.state.permIds.live.every(({ permId }) => permId === 0 || permId === wire.permId);
    if (order === undefined) return;
    if (isWhole === false) {
      // Its status may never have been told: whoever cancelled both is waiting for it to cancel the other.
      const seen = { status, permId: wire.permId ?? 0, filled: Number.NaN, whyHeld: '', orderId: Number.NaN };
      if (statusKind(status) === 'cancelled') order.state.onStatus(seen);
      return;
    }
    this.#index.namePermId(wire.permId ?? 0, order);
    order.state.onCompleted(status, wire.filledQuantity ?? Number.NaN, completedStatus);
  }

  /** All that is open has been told; it was asked for at this instant. */
  listed(at: EpochMs): void {
    this.#listedAt = at;
  }

  /** Everything that was asked for after a connection came up is in. */
  settled(): void {
    if (!this.#isBaselined) for (const { state, isSent } of this.all) if (!isSent) state.settleBefore();
    this.#isBaselined = true;
  }

  onLost(): void {
    this.#index.forgetOrderIds();
    for (const order of this.all) {
      order.state.onLost();
      order.workingId = undefined;
    }
  }

  /** Tells nothing any more. */
  stop(): void {
    for (const { state } of this.all) state.stop();
  }

  /** What was executed before this process, and by others who are not told of live: the snapshot shows it, no report does. */
  #isOld(order: VenueOrder, isReplay: boolean): boolean {
    if (!isReplay || order.isSent) return false;
    return !this.#isBaselined || order.isForeign;
  }

  #orderOf({ contract, wire, orderId, permId, clientId }: ToldOpenOrder): VenueOrder {
    const reference = readOrderRef(wire.orderRef);
    const isOfSession = clientId === this.#parts.clientId && reference === undefined;
    const known = this.named(wire.orderRef, permId) ?? (isOfSession ? this.#index.byOrderId(orderId) : undefined);
    const id = known?.id ?? reference?.clientOrderId ?? foreignId(permId, clientId, orderId);
    const terms = this.#parts.wording.termsOf(id, contract, wire);
    if (known === undefined) return this.#adopt(id, contract, terms);
    known.state.learn(terms);
    return known;
  }

  /** An execution may be all that is known of its order. */
  #orderOfExecution(execution: IbExecution): VenueOrder {
    const { clientOrderId, permId, clientId, orderId, contract, tag, account, side } = execution;
    const known = this.#index.find(clientOrderId) ?? this.#index.byPermId(permId) ?? this.#byOrderIdAlone(execution);
    if (known !== undefined) return known;
    const id = clientOrderId === '' ? foreignId(permId, clientId, orderId) : clientOrderId;
    const unknown = { qty: Number.NaN, limitPrice: Number.NaN, stopPrice: Number.NaN, trail: Number.NaN };
    const symbol = this.#parts.wording.symbolOf(contract);
    const named = { clientOrderId: id, tag, symbol, account, side } as const;
    return this.#adopt(id, contract, { ...named, ...unknown, orderType: 'market', tif: 'GTC', expiresAt: Number.NaN });
  }

  /** Without a reference, and before its permId is known, an order has its id only; what it ordered has to agree. */
  #byOrderIdAlone({ clientOrderId, clientId, orderId, ...told }: IbExecution): VenueOrder | undefined {
    if (clientOrderId !== '' || clientId !== this.#parts.clientId) return undefined;
    const order = this.#index.byOrderId(orderId);
    if (order === undefined || (told.permId !== 0 && order.state.permIds.venueOrderId !== '')) return undefined;
    const { account, side } = order.state.terms;
    const isSame = told.account === account && told.side === side && told.contract.conId === order.contract.conId;
    return isSame ? order : undefined;
  }

  #adopt(id: string, contract: Contract, terms: OrderTerms): VenueOrder {
    const qualified = this.#parts.wording.qualified(contract);
    const state = this.#state(id, terms, qualified);
    const order = new VenueOrder({ id, isSent: false, state, contract, qualified });
    this.#add(order);
    return order;
  }

  #heard(order: VenueOrder): VenueOrder {
    order.heardAt = this.#parts.clock.nowUtc();
    return order;
  }

  /** What has been over for longer than IB tells of executions is forgotten, so that a long run does not grow. */
  #add(order: VenueOrder): void {
    const now = this.#parts.clock.nowUtc();
    order.heardAt = now;
    this.#index.add(order);
    this.#added += 1;
    if (this.#added % SWEEP_EVERY !== 0) return;
    const gone = this.#index.sweep(now - KEPT_MS, this.#listedAt);
    for (const [executionId, owner] of this.#ownerOf) {
      if (!gone.has(owner)) continue;
      this.#ownerOf.delete(executionId);
      this.#fees.delete(executionId);
    }
  }

  #state(id: string, terms: OrderTerms, qualified: QualifiedContract | undefined): IbOrderState {
    const { clock, commissionWaitMs, settleMs, ask, wording, alarm } = this.#parts;
    const state: IbOrderState = new IbOrderState({
      ...{ clock, commissionWaitMs, settleMs, ask, terms },
      quantityDecimals: qualified === undefined ? DECIMALS_OF_UNKNOWN : quantityDecimalsOf(qualified),
      describe: (execution, fee) => wording.fill(execution, fee, { id, tag: terms.tag }),
      tell: (report) => this.#tell(id, state, report),
      cancelRest: () => {
        const order = this.#index.find(id);
        if (order !== undefined) this.#parts.cancelRest(order);
      },
      alarm: (code, message) => alarm(code, `Order ${id} in ${terms.symbol}: ${message}`),
    });
    return state;
  }

  #tell(id: string, state: IbOrderState, report: OrderReport): void {
    const order = this.#index.find(id);
    if (order?.isForeign !== false && !ABOUT_FOREIGN.has(report.kind)) return;
    const { venueOrderId } = state.permIds;
    // A leg of a combination has a symbol of its own; and what a contract is called here may be known only by now.
    const symbol = 'fill' in report ? report.fill.symbol : this.#symbolOf(order, state);
    if (report.kind === 'corrected')
      this.#parts.logger.warn('IB has corrected an execution.', { order: id, executionId: report.executionId });
    const frame = { clientOrderId: id, symbol };
    this.#parts.report({ ...frame, ...(venueOrderId === '' ? {} : { venueOrderId }), ...report });
  }

  #symbolOf(order: VenueOrder | undefined, { terms }: IbOrderState): string {
    return order?.isSent === false ? this.#parts.wording.symbolOf(order.contract) : terms.symbol;
  }

  #forgetEarlyFees(): void {
    if (this.#fees.size <= this.#ownerOf.size + MOST_EARLY_FEES) return;
    for (const executionId of this.#fees.keys()) {
      if (this.#ownerOf.has(executionId)) continue;
      this.#fees.delete(executionId);
      return;
    }
  }
}

/** IB tells of executions for seven days at most. */
const KEPT_MS = 8 * DAY_MS;
const SWEEP_EVERY = 500;

/** Units of a contract that engine.yaml does not name come as IB gives them. */
const DECIMALS_OF_UNKNOWN = 8;
