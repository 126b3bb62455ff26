import type { Clock } from '@bookrunner/sdk';
import { UNSET_DOUBLE } from '../../wire/contract.js';
import type { WireContract } from '../../wire/contract.js';
import type { WireOrder } from '../../wire/requests.js';
import type { AccountBook } from '../accounts/account-book.js';
import { sizeGrid } from '../accounts/amounts.js';
import { sendError } from '../client-directory.js';
import type { ContractRegister } from '../instruments/contract-register.js';
import type { GatewayClient } from '../gateway-model.js';
import type { KnobSettings } from '../knob-settings.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import type { MarketPlace } from '../market/market-place.js';
import type { SimulatorSettings } from '../simulator-options.js';
import { instantText } from '../wall-clock.js';
import { subjectOf } from './order-subject.js';
import { isByCash, modifyFault, MOST_UNITS, orderFault, OTHER_ORDER } from './order-checks.js';
import type { OrderFault } from './order-checks.js';
import type { OrderDesk } from './order-desk.js';
import { OrderRecord } from './order-record.js';
import type { OrderSubject } from './order-record.js';
import type { OrderRegister } from './order-register.js';
import type { OrderReporter } from './order-reporter.js';
import type { WhatIfDesk } from './what-if-desk.js';

interface Parts {
  readonly clock: Clock;
  readonly settings: SimulatorSettings;
  readonly knobs: KnobSettings;
  readonly contracts: ContractRegister;
  readonly markets: MarketPlace;
  readonly accounts: AccountBook;
  readonly register: OrderRegister;
  readonly reporter: OrderReporter;
  readonly desk: OrderDesk;
  readonly whatIf: WhatIfDesk;
}

/** Orders as they come in: new ones, changes, previews. Refuses what is wrong and gives the rest to the desk. */
export class OrderIntake {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  place(client: GatewayClient, contract: WireContract, wanted: WireOrder): void {
    const { knobs, register } = this.#parts;
    if (knobs.swallowOrders > 0) {
      knobs.swallowOrders -= 1;
      return;
    }
    const order = this.#normalized(wanted);
    if (knobs.readOnly) return refuse(client, order.orderId, READ_ONLY);
    const existing = register.find(client.clientId, order.orderId);
    if (existing !== undefined && !order.whatIf) return this.#modify(client, existing, { contract, order });
    if (order.orderId < register.nextId(client.clientId)) {
      return refuse(client, order.orderId, { code: 103, message: 'Duplicate order id' });
    }
    if (!order.whatIf) register.use(client.clientId, order.orderId);
    const answer = subjectOf(this.#parts.contracts, { contract, order, now: this.#parts.clock.nowUtc() });
    if ('code' in answer) return refuse(client, order.orderId, answer);
    const record = this.#record(client.clientId, answer, order);
    const fault = this.#faultOf(record);
    if (fault !== undefined) return this.#refuse(client, record, fault);
    if (order.whatIf) return client.send(this.#parts.whatIf.preview(record));
    this.#take(client, record);
  }

  /** An order made by hand in TWS: id 0, until client 0 binds it. It is kept, and the desk has still to accept it; or why not. */
  placeByHand(contract: WireContract, wanted: WireOrder): OrderRecord | OrderFault {
    const order = { ...this.#normalized(wanted), orderId: 0, transmit: true };
    const answer = subjectOf(this.#parts.contracts, { contract, order, now: this.#parts.clock.nowUtc() });
    if ('code' in answer) return answer;
    const record = this.#record(0, answer, order);
    const fault = this.#faultOf(record);
    if (fault !== undefined) return fault;
    this.#parts.register.add(record);
    return record;
  }

  #take(client: GatewayClient, order: OrderRecord): void {
    const { register, knobs } = this.#parts;
    register.add(order);
    const next = knobs.rejections.shift();
    if (next !== undefined) {
      const { code, message, json, errorOnly = false } = next;
      sendError(client, {
        id: order.orderId,
        code,
        message,
        ...(json === undefined ? {} : { advancedOrderRejectJson: json }),
      });
      return this.#makeInactive(order, errorOnly);
    }
    if (!order.terms.transmit) return;
    const family = this.#familyOf(order);
    this.#accept(family);
  }

  #accept(family: readonly OrderRecord[]): void {
    for (const order of family) order.isLocating = this.#isShortOf(order);
    this.#parts.desk.accept(family, (order) => this.#advise(order));
  }

  /** The order, and what waited for it: its parents and siblings that were not transmitted, in the order they came. */
  #familyOf(order: OrderRecord): readonly OrderRecord[] {
    const root = order.parent ?? order;
    const waiting = this.#parts.register.live.filter(
      (other) => !other.isTransmitted && other !== order && (other === root || other.parent === root),
    );
    return [...new Set([...waiting, order])].sort((a, b) => a.permId - b.permId);
  }

  #modify(
    client: GatewayClient,
    existing: OrderRecord,
    { contract, order }: { readonly contract: WireContract; readonly order: WireOrder },
  ): void {
    const { knobs, desk, register } = this.#parts;
    const fault = knobs.modifyError ?? this.#modifyFault(existing, contract, order);
    knobs.modifyError = undefined;
    if (fault !== undefined) return refuse(client, order.orderId, fault);
    if (knobs.splitNextModify) {
      knobs.splitNextModify = false;
      return this.#take(client, this.#record(client.clientId, existing.subject, order));
    }
    const isMoved = order.lmtPrice !== existing.terms.lmtPrice || order.totalQuantity > existing.terms.totalQuantity;
    if (isMoved) existing.sequence = register.nextPermId();
    existing.change({ ...order, account: existing.account });
    if (!existing.isTransmitted) {
      if (order.transmit) this.#accept(this.#familyOf(existing));
      return;
    }
    desk.changed(existing);
  }

  #modifyFault(existing: OrderRecord, contract: WireContract, order: WireOrder): OrderFault | undefined {
    if (existing.status === 'Filled') return { code: 104, message: 'Cannot modify a filled order.' };
    if (!existing.isLive) return { code: 103, message: 'Duplicate order id' };
    const answer = subjectOf(this.#parts.contracts, { contract, order, now: this.#parts.clock.nowUtc() });
    if ('code' in answer) return answer;
    if (answer.instrument.conId !== existing.instrument.conId) return OTHER_ORDER;
    const fault = modifyFault(existing.terms, order) ?? orderFault(order, this.#factsOf(existing.subject));
    if (fault !== undefined) return fault;
    const lots = sizeGrid(existing.instrument).toSteps(order.totalQuantity);
    if (lots > existing.filledLots) return undefined;
    return { code: 201, message: 'Order rejected - reason:Order size does not exceed the quantity already filled.' };
  }

  #faultOf(order: OrderRecord): OrderFault | undefined {
    const fault = orderFault(order.terms, this.#factsOf(order.subject));
    if (fault !== undefined) return fault;
    if (order.terms.parentId !== 0 && order.parent === undefined) {
      return { code: 135, message: `Can't find order with ID =${order.terms.parentId}` };
    }
    const { register, settings } = this.#parts;
    const alike = register.live.filter(
      (other) =>
        other.instrument.conId === order.instrument.conId &&
        other.isBuy === order.isBuy &&
        other.account === order.account,
    );
    if (alike.length < settings.activeOrderLimit) return undefined;
    const message = `Order rejected - reason:YOUR ORDER IS NOT ACCEPTED. MAXIMUM OF ${settings.activeOrderLimit} ORDERS WORKING ON EITHER THE BUY OR SELL SIDE FOR THIS PARTICULAR CONTRACT.`;
    return { code: 201, message, isRejection: true };
  }

  #factsOf({ instrument }: OrderSubject): Parameters<typeof orderFault>[1] {
    const { accounts, settings } = this.#parts;
    const { timeZone, fractionalShares, maxOrderSize } = settings;
    return { instrument, accounts: accounts.ids, timeZone, fractionalShares, maxOrderSize };
  }

  #refuse(client: GatewayClient, order: OrderRecord, fault: OrderFault): void {
    refuse(client, order.orderId, fault);
    if (fault.isRejection !== true || order.terms.whatIf) return;
    this.#parts.register.add(order);
    this.#makeInactive(order, false);
  }

  /** The error was told; the order follows it as Inactive, or is never heard of again. */
  #makeInactive(order: OrderRecord, isSilent: boolean): void {
    const { register, reporter, clock } = this.#parts;
    order.status = 'Inactive';
    order.completedAt = clock.nowUtc();
    if (isSilent) return register.forget(order);
    register.retire(order);
    reporter.state(order);
  }

  /** Messages beside an order that lives on. */
  #advise(order: OrderRecord): void {
    const { knobs, reporter, desk, settings } = this.#parts;
    for (const { code, message } of knobs.advices.splice(0)) reporter.error(order, code, message);
    if (order.isLocating) {
      reporter.error(
        order,
        404,
        'Order held while securities are located. Shares are not available for a short sale now.',
      );
    }
    const { orderType, outsideRth, action } = order.terms;
    if (orderType === 'MKT' && outsideRth) {
      reporter.error(
        order,
        2109,
        `Order Event Warning: Attribute 'Outside Regular Trading Hours' is ignored based on the order type and destination. PlaceOrder is now being processed.`,
      );
    }
    if (!desk.waits(order).includes('hours')) return;
    const { symbol, tradingClass, exchange } = order.subject.contract;
    const start = instantText(desk.nextStart(order), order.instrument.timeZone || settings.timeZone);
    const what = `${action} ${order.units(order.totalLots)} ${symbol} ${tradingClass} ${exchange}`;
    reporter.error(
      order,
      399,
      `Order Message:\n${what}\nWarning: Your order will not be placed at the exchange until ${start}`,
    );
  }

  /** Whether a sale goes beyond what is held of a symbol whose shares have to be located. */
  #isShortOf(order: OrderRecord): boolean {
    const { accounts, settings } = this.#parts;
    if (order.isBuy || !settings.hardToBorrow.includes(order.instrument.symbol)) return false;
    return accounts.ledger(order.account).holding(order.instrument).lots < order.totalLots;
  }

  #record(clientId: number, subject: OrderSubject, order: WireOrder): OrderRecord {
    const { register, clock } = this.#parts;
    const names = { clientId, orderId: order.orderId, permId: order.whatIf ? 0 : register.nextPermId() };
    const record = new OrderRecord(subject, names, {
      terms: order,
      lots: this.#lotsOf(subject, order),
      now: clock.nowUtc(),
    });
    const parent = order.parentId === 0 ? undefined : register.find(clientId, order.parentId);
    if (parent !== undefined && (parent.isLive || parent.filledLots > 0)) record.parent = parent;
    return record;
  }

  /** Whatever a client wrote: the checks come after. */
  #lotsOf({ instrument }: OrderSubject, order: WireOrder): number {
    const qty = isByCash(order, instrument) ? this.#cashSize(instrument, order.cashQty) : order.totalQuantity;
    return Math.abs(qty) <= MOST_UNITS ? sizeGrid(instrument).toSteps(qty, 'down') : 0;
  }

  #cashSize(instrument: InstrumentDefinition, cashQty: number): number {
    const { ask, last } = this.#parts.markets.of(instrument).now;
    return cashQty / (ask > 0 ? ask : last);
  }

  /** What a client leaves out is what TWS would have put there. */
  #normalized(order: WireOrder): WireOrder {
    const [only] = this.#parts.accounts.ids;
    const account = order.account === '' && this.#parts.accounts.ids.length === 1 ? only! : order.account;
    const { ocaType } = order;
    return { ...order, ...finitePrices(order), account, tif: order.tif || 'DAY', ocaType: ocaType === 0 ? 3 : ocaType };
  }
}

/** What is no number was not given. */
function finitePrices({ lmtPrice, auxPrice, trailStopPrice, trailingPercent, cashQty }: WireOrder): Partial<WireOrder> {
  const [limit, aux, stop, percent, cash] = [lmtPrice, auxPrice, trailStopPrice, trailingPercent, cashQty].map(
    (value) => (Number.isFinite(value) ? value : UNSET_DOUBLE),
  ) as [number, number, number, number, number];
  return { lmtPrice: limit, auxPrice: aux, trailStopPrice: stop, trailingPercent: percent, cashQty: cash };
}

const READ_ONLY: OrderFault = {
  code: 321,
  message: "Error validating request.-'cl' : cause - The API interface is currently in Read-Only mode.",
};

function refuse(client: GatewayClient, id: number, { code, message }: OrderFault): void {
  sendError(client, { id, code, message });
}
