// What a test or a person turns to make the gateway behave as the real one does at its worst. Each knob is a behaviour that was seen.
import { callError, checkCall, signatureOf } from '../calls/check-call.js';
import { KNOB_CALLS } from '../calls/knob-calls.js';
import { given } from '../calls/values.js';
import { simulatorError } from '../simulator-errors.js';
import type { WireContract } from '../wire/contract.js';
import type { WireOrderStatus } from '../wire/messages.js';
import { PLAIN_CONTRACT, PLAIN_ORDER } from '../wire/plain-order.js';
import type { WireOrder } from '../wire/requests.js';
import { ADVICE_TEXTS } from './advice-texts.js';
import type { GatewayParts } from './gateway-parts.js';
import type { CommissionSaid, FillMessage, NextRejection } from './knob-settings.js';
import { execIdOf } from './orders/execution-register.js';
import type { Execution } from './orders/execution-register.js';
import type { OrderRecord } from './orders/order-record.js';
import type { DataPermission } from './simulator-options.js';

/** How an order is named: by permId, or by its client and id. */
export type OrderName = number | { readonly clientId: number; readonly orderId: number };

/** An order by hand: its side, its units, and what else is not usual about it. */
export type HandOrder = Partial<WireOrder> & Pick<WireOrder, 'action' | 'totalQuantity'>;

const ROLES = { trade: 'a trade', summary: 'the summary of a combination', echo: 'the second id of a trade' } as const;

/**
 * The business knobs of a simulated gateway. Each checks what it is given before it changes anything. Errors: SIMULATOR_CALL, and
 * SIMULATOR_UNKNOWN where an order, an execution, an instrument or an account is not known.
 */
export class ModelKnobs {
  readonly #parts: GatewayParts;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  /** Commissions are charged but not told, until {@link sendWithheldCommissions}. */
  withholdCommissions(): void {
    this.#parts.knobs.withholdCommissions = true;
  }

  /** Tells what was withheld and withholds no more. */
  sendWithheldCommissions(): void {
    const { knobs, executions, reporter } = this.#parts;
    knobs.withholdCommissions = false;
    for (const execution of executions.release()) reporter.commission(execution);
  }

  /** Says -1 or unset where the amount should be. */
  sayCommissions(said: CommissionSaid): void {
    this.#check('sayCommissions', said);
    this.#parts.knobs.commissionSaid = said;
  }

  /** Tells the commission of a fill before the fill, or last again. */
  sendCommissionsFirst(isFirst: boolean): void {
    this.#check('sendCommissionsFirst', isFirst);
    const rest: readonly FillMessage[] = ['execution', 'openOrder', 'orderStatus'];
    this.tellFillsInOrder(isFirst ? ['commission', ...rest] : [...rest, 'commission']);
  }

  /** Tells the messages of a fill in another order than execution, openOrder, orderStatus, commission; those left out are not told. */
  tellFillsInOrder(messages: readonly FillMessage[]): void {
    this.#check('tellFillsInOrder', messages);
    this.#parts.knobs.fillOrder = messages;
  }

  /** Puts other terms in the place of an execution: told again under the id that counts on behind its last period, which is returned. */
  correctExecution(execId: string, change: { readonly price?: number; readonly shares?: number }): string {
    this.#check('correctExecution', execId, change);
    const { executions, reporter } = this.#parts;
    const before = this.#bookedExecution('correctExecution', execId);
    const lots =
      change.shares === undefined ? before.lots : this.#lotsOf('correctExecution', before.order, change.shares);
    const terms = { lots, price: change.price ?? before.price };
    before.order.correctFill(before, terms);
    const after = executions.correct(execId, terms);
    this.#parts.tellPosition(after.order.account, after.instrument);
    reporter.execution(after);
    return execIdOf(after);
  }

  /** Tells an execution again, marked as one whose price may change. */
  announceRevision(execId: string): void {
    this.#check('announceRevision', execId);
    this.#parts.reporter.execution(this.#parts.executions.announceRevision(execId));
  }

  /** Takes an execution back. The gateway has no message for it: positions show it, and real-time bars of the market end. */
  bustExecution(execId: string): void {
    this.#check('bustExecution', execId);
    const { executions, fiveSeconds, markets } = this.#parts;
    const before = this.#bookedExecution('bustExecution', execId);
    const busted = executions.bust(execId);
    busted.order.correctFill(before, { lots: 0, price: 0 });
    busted.order.commission -= busted.commission.amount;
    this.#parts.tellPosition(busted.order.account, busted.instrument);
    fiveSeconds.bust(markets.of(busted.instrument));
  }

  /** Every trade from now on is told under two execution ids; it is booked once. */
  reportTradesTwice(isTwice: boolean): void {
    this.#check('reportTradesTwice', isTwice);
    this.#parts.knobs.twoExecutionIds = isTwice;
  }

  /** Tells an execution once more, as it was. */
  repeatExecution(execId: string): void {
    this.#check('repeatExecution', execId);
    this.#parts.reporter.execution(this.#parts.executions.find(execId));
  }

  /** So many units fill between the next cancel and its answer. */
  fillBeforeNextCancel(units: number): void {
    this.#check('fillBeforeNextCancel', units);
    this.#parts.knobs.fillBeforeCancel = units;
  }

  /** So many units fill after the next cancel was confirmed with 202. */
  fillAfterNextCancel(units: number): void {
    this.#check('fillAfterNextCancel', units);
    this.#parts.knobs.fillAfterCancel = units;
  }

  /** The next order is refused; the ones after it need a call each. */
  rejectNextOrder(rejection: Partial<NextRejection> = {}): void {
    this.#check('rejectNextOrder', rejection);
    const plain = { code: 201, message: 'Order rejected - reason:The simulator was told to.' };
    this.#parts.knobs.rejections.push({ ...plain, ...given(rejection) });
  }

  /** The next order is refused with a reason that claims to be JSON and is cut off. */
  rejectNextOrderWithMalformedJson(): void {
    this.rejectNextOrder({ json: '{"reject":{"code":"8229' });
  }

  /** The next order lives, with a message beside it: 399, 404, 2109, 2137, 10349 or any other. */
  adviseNextOrder(code: number, message = ADVICE_TEXTS[code] ?? `Order Message: ${code}`): void {
    this.#check('adviseNextOrder', code, message);
    this.#parts.knobs.advices.push({ code, message });
  }

  /** The next orders are swallowed as if the line had broken before them. Their ids stay free. */
  swallowNextOrders(count: number): void {
    this.#check('swallowNextOrders', count);
    this.#parts.knobs.swallowOrders = count;
  }

  /** The next change leaves the old order alive, with a second one of a new permId beside it. */
  splitNextModify(): void {
    this.#parts.knobs.splitNextModify = true;
  }

  /** The next cancel is answered with an error: 161, 10147, 10148. The order lives. */
  failNextCancel(code: number, message = ADVICE_TEXTS[code] ?? `Cancel failed: ${code}`): void {
    this.#check('failNextCancel', code, message);
    this.#parts.knobs.cancelError = { code, message };
  }

  /** The next change is answered with an error: 104, 105, 110, 2102. The order keeps its old terms. */
  failNextModify(code: number, message = ADVICE_TEXTS[code] ?? `Modify failed: ${code}`): void {
    this.#check('failNextModify', code, message);
    this.#parts.knobs.modifyError = { code, message };
  }

  /** Keeps executions and states of fills from a client; {@link repeatExecution} and reqExecutions tell them. */
  dropFillsOf(clientId: number, isDropped = true): void {
    this.#check('dropFillsOf', clientId, isDropped);
    if (isDropped) this.#parts.knobs.deafClients.add(clientId);
    else this.#parts.knobs.deafClients.delete(clientId);
  }

  /** Tells every order message so many times more. */
  duplicateOrderMessages(times: number): void {
    this.#check('duplicateOrderMessages', times);
    this.#parts.knobs.duplicates = times;
  }

  /** Sends no orderStatus at all. */
  dropOrderStatus(isDropped: boolean): void {
    this.#check('dropOrderStatus', isDropped);
    this.#parts.knobs.dropOrderStatus = isDropped;
  }

  /** Says a status that is not, or no longer, true: a Submitted after the last fill. */
  sayStatus(name: OrderName, status: WireOrderStatus): void {
    this.#check('sayStatus', name, status);
    const order = this.#orderOf(name);
    this.#parts.reporter.toOwners(order, { ...this.#parts.reporter.statusOf(order), status });
  }

  /** Fills units of an order, whatever the market says and whether its client is connected or not. Returns the execution ids. */
  fillOrder(name: OrderName, units: number, price?: number): readonly string[] {
    this.#check('fillOrder', name, units, price);
    const { desk, executions } = this.#parts;
    const order = this.#orderOf(name);
    const before = executions.all.length;
    const lots = Math.min(order.remainingLots, this.#lotsOf('fillOrder', order, units));
    if (lots === 0) this.#refuse('fillOrder', `order ${order.permId} has nothing left to fill`);
    desk.fill(order, { lots, price: price ?? desk.priceOf(order), isAggressive: false });
    return executions.all.slice(before).map(execIdOf);
  }

  /** Cancels an order as the exchange or IB does: nobody asked. */
  cancelOrder(name: OrderName, reason = ''): void {
    this.#check('cancelOrder', name, reason);
    this.#parts.desk.end(this.#orderOf(name), reason);
  }

  /**
   * Somebody places an order by hand in TWS. What is left out is as usual: a stock for dollars at SMART, a market order for the day.
   * Returns its permId. Errors: SIMULATOR_CALL too where the gateway would not take the order.
   */
  placeByHand(contract: Partial<WireContract>, order: HandOrder): number {
    this.#check('placeByHand', contract, order);
    const { intake, queries, desk } = this.#parts;
    const record = intake.placeByHand({ ...PLAIN_CONTRACT, ...given(contract) }, { ...PLAIN_ORDER, ...given(order) });
    if ('code' in record) return this.#refuse('placeByHand', `${record.code} ${record.message}`);
    queries.bind(record);
    desk.accept([record], () => undefined);
    return record.permId;
  }

  /** Shares of a symbol have been found: short sales that were held go to the market. */
  locateShares(symbol: string): void {
    this.#check('locateShares', symbol);
    const { register, desk } = this.#parts;
    for (const order of register.live.filter((item) => item.isLocating && item.instrument.symbol === symbol)) {
      order.isLocating = false;
      desk.wake(order);
    }
  }

  /** An order becomes Inactive and lives: lists show it open, and it trades no more until it is let go. `why` is what its status says. */
  holdOrder(name: OrderName, why = ''): void {
    this.#check('holdOrder', name, why);
    const order = this.#orderOf(name);
    if (!order.isLive) this.#refuse('holdOrder', `order ${order.permId} is over`);
    order.status = 'Inactive';
    order.heldFor = why;
    this.#parts.reporter.state(order);
  }

  /** What was held works again. */
  releaseOrder(name: OrderName): void {
    this.#check('releaseOrder', name);
    const order = this.#orderOf(name);
    if (!order.isHeld) this.#refuse('releaseOrder', `order ${order.permId} is not held`);
    order.status = 'PreSubmitted';
    this.#parts.reporter.state(order);
    this.#parts.desk.wake(order);
  }

  /** Another session takes the login's market data (10197), or gives it back. */
  competeForData(isCompeting: boolean): void {
    this.#check('competeForData', isCompeting);
    this.#parts.marketData.compete(isCompeting);
  }

  /** The next request for market data is refused: 354, 10089, 10090, 10091, 10186. */
  failNextMarketData(code: number, message = ADVICE_TEXTS[code] ?? 'Requested market data is not subscribed.'): void {
    this.#check('failNextMarketData', code, message);
    this.#parts.knobs.dataErrors.push({ code, message });
  }

  /** The next request for historical bars or ticks is refused. The text is what says why: 162 has many. */
  failNextHistory(message: string, code = 162): void {
    this.#check('failNextHistory', message, code);
    this.#parts.knobs.historyErrors.push({ code, message });
  }

  /** What the login may see of an instrument from now on; running subscriptions switch by themselves. */
  permitData(name: number | string, permission: DataPermission): void {
    this.#check('permitData', name, permission);
    this.#parts.marketData.permit(this.#parts.contracts.find(name), permission);
  }

  /** The line upstream is down (1100): no data comes, orders go on, and fills are told. */
  pauseData(isPaused: boolean): void {
    this.#check('pauseData', isPaused);
    this.#parts.markets.isDataPaused = isPaused;
  }

  /** All subscriptions to data are lost without a word: what 1101 means. */
  loseSubscriptions(): void {
    const { marketData, tickByTick, depth, fiveSeconds, history } = this.#parts;
    for (const desk of [marketData, tickByTick, depth, fiveSeconds]) desk.dropAll();
    history.silenceUpdates();
  }

  /** Bars that are kept up to date die without a word: what 1102 and farm flaps do in practice. */
  silenceBars(): void {
    this.#parts.history.silenceUpdates();
  }

  /** Bars that are kept up to date end, each with its 10182. */
  failBars(): void {
    this.#parts.history.failUpdates();
  }

  /** Sets the id that a client's next order has to have at least; it may go backwards. */
  setNextOrderId(clientId: number, orderId: number): void {
    this.#check('setNextOrderId', clientId, orderId);
    this.#parts.register.setNextId(clientId, orderId);
  }

  /** Orders, changes and cancels are refused with 321. */
  setReadOnly(isReadOnly: boolean): void {
    this.#check('setReadOnly', isReadOnly);
    this.#parts.knobs.readOnly = isReadOnly;
  }

  /** Pays money in; a negative amount is paid out. */
  deposit(account: string, amount: number, currency: string): void {
    this.#check('deposit', account, amount, currency);
    this.#parts.accounts.deposit(account, amount, currency);
  }

  /** The gateway was restarted: orders that were never transmitted are gone. */
  forgetUntransmitted(): void {
    const { register } = this.#parts;
    for (const order of register.live) if (!order.isTransmitted) register.forget(order);
  }

  #check(knob: keyof typeof KNOB_CALLS, ...values: readonly unknown[]): void {
    checkCall(`knobs.${knob}`, KNOB_CALLS[knob], values);
  }

  #refuse(knob: keyof typeof KNOB_CALLS, why: string): never {
    throw callError(signatureOf(`knobs.${knob}`, KNOB_CALLS[knob]), why);
  }

  /** An execution that stands in the books: busted ones do not, nor what is told only. */
  #bookedExecution(knob: keyof typeof KNOB_CALLS, execId: string): Execution {
    const execution = this.#parts.executions.find(execId);
    if (execution.state === 'busted') this.#refuse(knob, `execution '${execId}' was busted before`);
    if (execution.role !== 'trade') this.#refuse(knob, `'${execId}' is told only, as ${ROLES[execution.role]}`);
    return execution;
  }

  /** Increments for so many units of an order, one at least. */
  #lotsOf(knob: keyof typeof KNOB_CALLS, order: OrderRecord, units: number): number {
    const lots = order.lotsOf(units);
    if (lots > 0) return lots;
    const { symbol, sizeIncrement = 1 } = order.instrument;
    return this.#refuse(knob, `${units} is less than the size increment of ${symbol}, which is ${sizeIncrement}`);
  }

  #orderOf(name: OrderName): OrderRecord {
    const { register } = this.#parts;
    const order =
      typeof name === 'number'
        ? register.all.find(({ permId }) => permId === name)
        : register.find(name.clientId, name.orderId);
    if (order === undefined) {
      throw simulatorError('SIMULATOR_UNKNOWN', `The simulator knows no order ${JSON.stringify(name)}.`);
    }
    return order;
  }
}
