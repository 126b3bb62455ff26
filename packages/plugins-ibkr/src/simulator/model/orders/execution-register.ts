import { DAY_MS, moneyToNumber } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import { UNSET_DOUBLE, UNSET_INTEGER } from '../../wire/contract.js';
import { simulatorError } from '../../simulator-errors.js';
import type { WireContract } from '../../wire/contract.js';
import type { ServerMessage, WireExecution } from '../../wire/messages.js';
import type { ExecutionFilter } from '../../wire/requests.js';
import type { AccountBook } from '../accounts/account-book.js';
import { sizeGrid } from '../accounts/amounts.js';
import type { Commission } from '../accounts/commission-model.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import type { KnobSettings } from '../knob-settings.js';
import { instantText, parseInstant, startOfDay } from '../wall-clock.js';
import type { FillTerms, OrderRecord } from './order-record.js';

/** One execution as the broker keeps it. */
export interface Execution {
  /** First three groups of the id; what follows the last period counts its corrections. */
  readonly key: string;
  readonly revision: number;
  readonly order: OrderRecord;
  readonly instrument: InstrumentDefinition;
  readonly contract: WireContract;
  readonly ts: EpochMs;
  readonly isBuy: boolean;
  readonly lots: number;
  readonly price: number;
  readonly cumulativeQty: number;
  readonly averagePrice: number;
  /** 1 added, 2 removed. */
  readonly liquidity: 1 | 2;
  readonly commission: Commission;
  readonly state: 'booked' | 'corrected' | 'busted';
  readonly isRevisionPending: boolean;
  /** `trade` is booked; the `summary` of a BAG and the `echo` of a trade under a second id are told only. */
  readonly role: 'trade' | 'summary' | 'echo';
}

/** What an execution is made of before it has an id. */
export type NewExecution = Pick<
  Execution,
  'order' | 'instrument' | 'contract' | 'ts' | 'isBuy' | 'lots' | 'price' | 'liquidity' | 'commission' | 'role'
>;

interface Parts {
  readonly accounts: AccountBook;
  readonly knobs: KnobSettings;
  readonly timeZone: string;
  readonly executionDays: number;
  readonly seed: number;
}

/** Every execution ever made, with its id. Books them with the accounts. */
export class ExecutionRegister {
  readonly #parts: Parts;
  readonly #executions = new Map<string, Execution>();
  readonly #byOrder = new Map<OrderRecord, string[]>();
  readonly #withheld = new Set<string>();
  #count = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get all(): readonly Execution[] {
    return [...this.#executions.values()];
  }

  /** What is booked of an order's executions, as they stand; busted ones and those that are told only are left out. */
  bookedOf(order: OrderRecord): readonly Execution[] {
    const all = (this.#byOrder.get(order) ?? []).map((key) => this.#executions.get(key)!);
    return all.filter(({ role, state }) => role === 'trade' && state !== 'busted');
  }

  /** Keeps and books an execution; the order has its units already. */
  add(execution: NewExecution): Execution {
    this.#count += 1;
    const { order } = execution;
    const added: Execution = {
      ...execution,
      key: `0000${hex(this.#parts.seed, 4)}.${hex(0x63f8_0000 + this.#count, 8)}.01`,
      revision: 1,
      cumulativeQty: cumulativeQty(execution),
      averagePrice: order.subject.legs.length > 0 && execution.role === 'trade' ? execution.price : order.averagePrice,
      state: 'booked',
      isRevisionPending: false,
    };
    this.#executions.set(added.key, added);
    const keys = this.#byOrder.get(order);
    if (keys === undefined) this.#byOrder.set(order, [added.key]);
    else keys.push(added.key);
    this.#book(added);
    if (this.#parts.knobs.withholdCommissions) this.#withheld.add(added.key);
    return added;
  }

  /** By any id that the execution ever had. Errors: SIMULATOR_UNKNOWN where there is none. */
  find(execId: string): Execution {
    const execution = this.#executions.get(execId) ?? this.#executions.get(execId.slice(0, execId.lastIndexOf('.')));
    if (execution === undefined)
      throw simulatorError('SIMULATOR_UNKNOWN', `The simulator made no execution '${execId}'.`);
    return execution;
  }

  /** Other terms in the place of an execution's: the id counts on behind its last period. The order has them already. */
  correct(execId: string, terms: FillTerms): Execution {
    const before = this.find(execId);
    const { order, instrument } = before;
    const after: Execution = {
      ...before,
      ...terms,
      revision: before.revision + 1,
      cumulativeQty: before.cumulativeQty + sizeGrid(instrument).toValue(terms.lots - before.lots),
      averagePrice: order.subject.legs.length > 0 ? terms.price : order.averagePrice,
      state: 'corrected',
      isRevisionPending: false,
    };
    this.#executions.set(before.key, after);
    this.#book(after);
    return after;
  }

  /** Takes an execution back: nobody is told but by what follows from it. */
  bust(execId: string): Execution {
    const busted: Execution = { ...this.find(execId), state: 'busted' };
    this.#executions.set(busted.key, busted);
    this.#parts.accounts.bust(busted.key);
    return busted;
  }

  /** Marks the price as one that may change. */
  announceRevision(execId: string): Execution {
    const pending: Execution = { ...this.find(execId), isRevisionPending: true };
    this.#executions.set(pending.key, pending);
    return pending;
  }

  /** What a filter asks for, as far back as the gateway remembers. */
  matching(filter: ExecutionFilter, now: EpochMs): readonly Execution[] {
    const { timeZone, executionDays } = this.#parts;
    const since = filter.time === '' ? Number.NaN : parseInstant(filter.time, timeZone);
    const oldest = startOfDay(startOfDay(now, timeZone) - (executionDays - 1) * DAY_MS + DAY_MS / 2, timeZone);
    const from = Number.isNaN(since) ? oldest : Math.max(oldest, since);
    return this.all.filter(
      (execution) => execution.state !== 'busted' && execution.ts >= from && passes(execution, filter),
    );
  }

  /** As execDetails; `requestId` -1 where nobody asked. */
  details(execution: Execution, requestId: number): ServerMessage {
    return { kind: 'execDetails', requestId, execution: this.#wire(execution) };
  }

  /** The commission, where it is told: undefined for a summary and while it is withheld. */
  commissionReport(execution: Execution): ServerMessage | undefined {
    if (execution.role === 'summary' || this.#withheld.has(execution.key)) return undefined;
    const { commissionSaid } = this.#parts.knobs;
    const { amount, currency } = execution.commission;
    const said = { amount: moneyToNumber(amount), 'minus-one': -1, unset: UNSET_DOUBLE }[commissionSaid];
    const realized = this.#parts.accounts.realizedBy(execution.key);
    return {
      kind: 'commissionReport',
      execId: execIdOf(execution),
      commission: said,
      currency,
      realizedPnl: realized === undefined ? UNSET_DOUBLE : moneyToNumber(realized),
    };
  }

  /** Ends the withholding and returns the executions whose commissions were not told. */
  release(): readonly Execution[] {
    const keys = [...this.#withheld];
    this.#withheld.clear();
    return keys.map((key) => this.find(`${key}.01`));
  }

  #book(execution: Execution): void {
    if (execution.role !== 'trade') return;
    const { key, order, instrument, isBuy, lots, price, commission } = execution;
    this.#parts.accounts.book({
      key,
      account: order.account,
      instrument,
      lots: isBuy ? lots : -lots,
      price,
      commission,
    });
  }

  #wire(execution: Execution): WireExecution {
    const { order, instrument, contract } = execution;
    return {
      orderId: order.clientId === 0 && order.orderId === 0 ? UNSET_INTEGER : order.orderId,
      contract: { ...contract, right: contract.right },
      execId: execIdOf(execution),
      time: instantText(execution.ts, this.#parts.timeZone),
      account: order.account,
      exchange: contract.exchange,
      side: execution.isBuy ? 'BOT' : 'SLD',
      shares: sizeGrid(instrument).toValue(execution.lots),
      price: execution.price,
      permId: order.permId,
      clientId: order.clientId,
      liquidation: false,
      cumQty: execution.cumulativeQty,
      avgPrice: execution.averagePrice,
      orderRef: order.terms.orderRef,
      modelCode: order.terms.modelCode,
      lastLiquidity: execution.liquidity,
      pendingPriceRevision: execution.isRevisionPending,
    };
  }
}

/** `aaaaaaaa.bbbbbbbb.cc.dd`. */
export function execIdOf({ key, revision }: Execution): string {
  return `${key}.${String(revision).padStart(2, '0')}`;
}

/** An echo counts its units once more, as the real gateway was seen to. */
function cumulativeQty({ order, instrument, lots, role }: NewExecution): number {
  const isLeg = order.subject.legs.length > 0 && role === 'trade';
  return isLeg ? sizeGrid(instrument).toValue(lots) : order.units(order.filledLots);
}

function passes({ order, contract, isBuy }: Execution, filter: ExecutionFilter): boolean {
  const side = filter.side.toUpperCase();
  const asked: readonly (readonly [string, string])[] = [
    [filter.account, order.account],
    [filter.symbol, contract.symbol],
    [filter.secType, contract.secType],
    [side === 'BOT' ? 'BUY' : side === 'SLD' || side === 'SSHORT' ? 'SELL' : side, isBuy ? 'BUY' : 'SELL'],
  ];
  // Orders go to SMART and trade elsewhere: either name fits.
  const exchanges = ['', contract.exchange, order.subject.contract.exchange];
  const isClients = filter.clientId === 0 || filter.clientId === UNSET_INTEGER || filter.clientId === order.clientId;
  return (
    isClients && exchanges.includes(filter.exchange) && asked.every(([wanted, is]) => wanted === '' || wanted === is)
  );
}

function hex(value: number, digits: number): string {
  return (value >>> 0).toString(16).padStart(digits, '0').slice(-digits);
}
