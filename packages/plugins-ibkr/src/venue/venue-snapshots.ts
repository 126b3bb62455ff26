// Everything the gateway knows of our accounts, each part whole or said not to be.
import { type AccountState, type Clock, DAY_MS, type EpochMs, type Fill, type Logger } from '@bookrunner/sdk';
import type { SnapshotPart, VenueOpenOrder, VenuePosition, VenueSnapshot } from '@bookrunner/sdk';
import type { AccountWatch } from './account-watch.js';
import { averagePrice, type DeclaredPosition } from './account-values.js';
import { startOfDay } from './execution-time.js';
import type { ExecutionRow, GatewayLists, OpenOrderRow } from './gateway-lists.js';
import { type IbExecution, mayBeOurs, readExecution } from './ib-execution.js';
import { engineOrderType } from './ib-order.js';
import { isMargined, type OpenFees } from './open-fees.js';
import type { OrderRegister } from './order-register.js';
import { contractName, isCombination, type OrderWording } from './order-wording.js';
import { foreignId } from './venue-order.js';
import type { ToldPosition } from './wire-events.js';

/** What snapshots are made with. */
export interface VenueSnapshotsParts {
  readonly clock: Clock;
  readonly lists: GatewayLists;
  /** The list of open orders, which lets each of them know how it stands. */
  readonly openOrders: () => Promise<readonly OpenOrderRow[]>;
  readonly accounts: AccountWatch;
  readonly register: OrderRegister;
  readonly wording: OrderWording;
  readonly openFees: OpenFees;
  readonly logger: Logger;
  readonly isOurs: (account: string) => boolean;
  /** A number that changes with each session and each loss of the line to IB; undefined while either is away. */
  readonly session: () => number | undefined;
  readonly zone: string;
  /** How far the gateway's wall clock is ahead of UTC; undefined where `zone` is known to be its own. */
  readonly offsetMs: () => number | undefined;
  readonly commissionWaitMs: number;
}

/** A list that came, or did not. */
type Answer<Row> = { readonly rows: readonly Row[]; readonly asOf: EpochMs } | undefined;

const CURRENCY = 'CASH';
/** How long after an execution its commission may still come. Some never do: paper accounts, older gateways. */
const FEE_COMES_MS = 60_000;

export class VenueSnapshots {
  readonly #parts: VenueSnapshotsParts;
  /** Positions whose commissions are not known, and that was said. */
  readonly #unknownFees = new Set<string>();
  /** Accounts of the last snapshot that have paid a commission nobody knows yet. */
  #unpaid: ReadonlySet<string> = new Set();
  /** Of the last snapshot: what of the cash is a position. */
  #declared: readonly DeclaredPosition[] = [];

  constructor(parts: VenueSnapshotsParts) {
    this.#parts = parts;
  }

  get declaredPositions(): readonly DeclaredPosition[] {
    return this.#declared;
  }

  async take(): Promise<VenueSnapshot> {
    const { lists, accounts, session } = this.#parts;
    const before = session();
    if (before === undefined) return this.#nothing();
    const [executionRows, openRows, positionRows, worth] = await Promise.all([
      this.#answer(lists.executions()),
      this.#answer(this.#parts.openOrders()),
      this.#answer(lists.positions()),
      this.#answer(accounts.ask().then(() => [])),
    ]);
    const executions = await this.#executions(executionRows);
    const openOrders = this.#openOrders(openRows);
    const positions = this.#positions(positionRows);
    const states = this.#states(worth, positions.complete);
    // What was answered by one session, and asked of another, is of neither.
    return session() === before ? { positions, openOrders, executions, accounts: states } : this.#nothing();
  }

  async #answer<Row>(list: Promise<readonly Row[]>): Promise<Answer<Row>> {
    try {
      const rows = await list;
      return { rows, asOf: this.#parts.clock.nowUtc() };
    } catch {
      return undefined;
    }
  }

  async #executions(answer: Answer<ExecutionRow>): Promise<SnapshotPart<Fill>> {
    if (answer === undefined) return this.#missing();
    const { zone, isOurs, lists, register, wording, commissionWaitMs } = this.#parts;
    // Of another account, or of a combination whose legs are told too, nobody needs to read it.
    const read = answer.rows
      .filter(({ contract, execution }) => mayBeOurs(execution, isOurs) && !isCombination(contract))
      .map(({ contract, execution }) => readExecution(contract, execution, zone));
    const own = lastRevisions(read.filter((execution) => execution !== undefined)).filter(({ account }) =>
      isOurs(account),
    );
    const isKnown = (): boolean => own.every(({ executionId }) => register.feeOf(executionId) !== undefined);
    await lists.commissions(isKnown, commissionWaitMs);
    this.#noteUnpaid(own, answer.asOf);
    const items = own.map((execution) => {
      const order = register.ownerOf(execution.executionId);
      const ts = Number.isNaN(execution.ts) ? answer.asOf : execution.ts;
      const named = { id: order?.id ?? execution.clientOrderId, tag: order?.state.terms.tag ?? '' };
      return wording.fill({ ...execution, ts }, register.feeOf(execution.executionId), named);
    });
    const since = Math.min(answer.asOf, this.#startOfGatewayDay(answer.asOf));
    return {
      asOf: answer.asOf,
      complete: !read.includes(undefined),
      since,
      items: items.toSorted((a, b) => a.ts - b.ts),
    };
  }

  /** What was executed just now, and is off the cash with a commission that nobody has told. */
  #noteUnpaid(executions: readonly IbExecution[], now: EpochMs): void {
    const { register } = this.#parts;
    const unpaid = executions.filter(
      ({ executionId, ts }) => ts > now - FEE_COMES_MS && register.feeOf(executionId) === undefined,
    );
    this.#unpaid = new Set(unpaid.map(({ account }) => account));
  }

  /** IB lists executions since the midnight of the gateway. Where nobody says which that is, the later one is promised. */
  #startOfGatewayDay(ts: EpochMs): EpochMs {
    const { zone, offsetMs } = this.#parts;
    const offset = offsetMs();
    const own = startOfDay(ts, zone);
    return offset === undefined ? own : Math.max(own, Math.floor((ts + offset) / DAY_MS) * DAY_MS - offset);
  }

  #openOrders(answer: Answer<OpenOrderRow>): SnapshotPart<VenueOpenOrder> {
    if (answer === undefined) return this.#missing();
    const shown = new Set<string>();
    const items: VenueOpenOrder[] = [];
    for (const row of answer.rows) {
      const item = this.#openOrder(row);
      if (item === undefined) continue;
      // A second one under the same reference is shown as what it is: not what was asked for.
      const clientOrderId = shown.has(item.clientOrderId) ? `ib:${item.venueOrderId}` : item.clientOrderId;
      shown.add(clientOrderId);
      items.push({ ...item, clientOrderId });
    }
    return { asOf: answer.asOf, complete: true, since: answer.asOf, items };
  }

  #openOrder(row: OpenOrderRow): VenueOpenOrder | undefined {
    const { register, wording, isOurs } = this.#parts;
    const { orderId, permId, clientId, account, contract, wire, status } = row;
    if (!isOurs(account)) return undefined;
    const known = register.named(wire.orderRef, permId);
    if (known?.isOpenAs(status) === false) return undefined;
    return {
      clientOrderId: known?.id ?? foreignId(permId, clientId, orderId),
      venueOrderId: permId === 0 ? `${clientId}/${orderId}` : String(permId),
      ...{ account, symbol: wording.symbolOf(contract), tag: known?.state.terms.tag ?? '' },
      ...{ side: wire.action === 'BUY' ? 'buy' : 'sell', orderType: engineOrderType(wire.orderType, wire.lmtPrice) },
      ...quantities(row, known?.state.leavesQty),
      limitPrice: wording.changeableTerms(contract, wire).limitPrice,
      stopPrice: wording.stopLevel(contract, wire),
    };
  }

  #positions(answer: Answer<ToldPosition>): SnapshotPart<VenuePosition> {
    if (answer === undefined) return this.#missing();
    const { isOurs, wording } = this.#parts;
    const declared: DeclaredPosition[] = [];
    const items: VenuePosition[] = [];
    for (const row of answer.rows) {
      const { account, contract, qty, avgCost } = row;
      if (!isOurs(account) || qty === 0) continue;
      if (!Number.isFinite(qty)) return this.#missing();
      const qualified = wording.qualified(contract);
      if (qualified !== undefined) {
        const position = { account, qualified, qty, avgCost, openFees: this.#openFees(row) };
        declared.push(position);
        items.push({ account, symbol: qualified.instrument.symbol, qty, avgPrice: averagePrice(position) });
      } else if (contract.secType !== CURRENCY) {
        // Of currencies that are no instrument here, the cash tells.
        items.push({ account, symbol: contractName(contract), qty, avgPrice: avgCost });
      }
    }
    this.#declared = declared;
    return { asOf: answer.asOf, complete: true, since: answer.asOf, items };
  }

  /** Undefined where they are not known: that is said once, since the cash then shows them as if nobody had traded. */
  #openFees({ account, contract, qty }: ToldPosition): number | undefined {
    if (!isMargined(contract)) return undefined;
    const { clock, openFees, logger } = this.#parts;
    const { conId = 0 } = contract;
    const fees = openFees.of({ account, conId, qty }, clock.nowUtc());
    const name = `${account} ${conId}`;
    if (fees !== undefined) this.#unknownFees.delete(name);
    else if (!this.#unknownFees.has(name)) {
      this.#unknownFees.add(name);
      logger.warn('Commissions of an open position are not known: until it is closed, cash differs by them.', {
        ...{ account, contract: contractName(contract) },
      });
    }
    return fees;
  }

  #states(answer: Answer<never>, hasPositions: boolean): SnapshotPart<AccountState> {
    if (answer === undefined || !hasPositions) return this.#missing();
    const { accounts } = this.#parts;
    const items = accounts
      .states(this.#declared)
      .map((state) => (this.#unpaid.has(state.account) ? { ...state, cash: Number.NaN } : state));
    const complete = accounts.names.every((name) => items.some(({ account }) => account === name));
    return { asOf: answer.asOf, complete, since: answer.asOf, items };
  }

  #missing<Item>(): SnapshotPart<Item> {
    const now = this.#parts.clock.nowUtc();
    return { asOf: now, complete: false, since: now, items: [] };
  }

  #nothing(): VenueSnapshot {
    return {
      ...{ positions: this.#missing(), openOrders: this.#missing() },
      ...{ executions: this.#missing(), accounts: this.#missing() },
    };
  }
}

/** What is ordered and what is left, by the status, else as far as fills are known. */
function quantities(
  { wire, remaining }: OpenOrderRow,
  known: number | undefined,
): Pick<VenueOpenOrder, 'qty' | 'leavesQty'> {
  const qty = wire.totalQuantity ?? Number.NaN;
  const left = known === undefined || Number.isNaN(known) ? qty : Math.min(qty, known);
  return { qty, leavesQty: Number.isFinite(remaining) ? remaining : left };
}

/** Of a trade that was corrected, what it is now. */
function lastRevisions(executions: readonly IbExecution[]): readonly IbExecution[] {
  const byId = new Map<string, IbExecution>();
  for (const execution of executions) {
    const known = byId.get(execution.executionId);
    if (known === undefined || execution.revision >= known.revision) byId.set(execution.executionId, execution);
  }
  return [...byId.values()];
}
