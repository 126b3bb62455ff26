// Executions that are no fill of a live order: they find their book by the order's tag, or go to the suspense book.
import type { Fill } from '@bookrunner/sdk';
import { type BookedExecution, EXECUTION_DAYS } from '../execution/booked-executions.js';
import type { Execution } from '../execution/execution.js';
import type { OutsideFill } from '../execution/outside-fill.js';
import { parseOrderId } from '../execution/order-id.js';
import type { OrderDesk } from '../execution/order-desk.js';
import type { OrderOwner, OrderRecord } from '../execution/order-record.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { ExecutionEvent } from '../kernel/event.js';
import type { BrokerWatch } from './broker-watch.js';
import type { ReportDraft } from './difference.js';
import type { Place } from './freeze.js';
import { judgeTraded } from './judge-traded.js';
import { reportOf } from './report-of.js';
import type { SuspenseAccount } from './suspense.js';

/** Executions are remembered for a day longer than they are taken, so that none is taken again. */
const BOOKED_WITHIN_MS = (EXECUTION_DAYS - 1) * 86_400_000;

/** What booking works with. */
export interface BookingParts {
  readonly watches: readonly BrokerWatch[];
  readonly execution: Execution;
  readonly desk: OrderDesk;
  readonly runEpoch: string;
  /** Index of a symbol of engine.yaml. */
  readonly indexOf: ReadonlyMap<string, number>;
}

/** An execution that is to be booked, and whose it is: of a live order, of one that was ours, or of somebody else. */
interface Taken {
  readonly live: OrderRecord | undefined;
  readonly slot: TargetSlot | undefined;
  readonly fill: Fill;
  readonly at: number;
  readonly draft: ReportDraft;
}

/** Books executions of brokers, each once. */
export class ExecutionBooking {
  readonly #parts: BookingParts;

  constructor(parts: BookingParts) {
    this.#parts = parts;
  }

  /** One execution as a snapshot or a late report tells it. */
  book(watch: BrokerWatch, fill: Fill, at: number, draft: ReportDraft): void {
    const { execution, indexOf } = this.#parts;
    const name = fill.account ?? this.#accountOf(watch, fill);
    const account = name === undefined ? undefined : watch.accountOf(name);
    const index = indexOf.get(fill.symbol);
    if (account === undefined) return;
    if (execution.executions.has(account.account, fill.executionId)) return this.#lateFee(account, fill, { at, draft });
    // It may have been booked and forgotten. If it was not, the position says so, and a person decides.
    if (fill.ts < at - BOOKED_WITHIN_MS) return;
    const found = this.#liveOf(fill);
    const live = found?.account === account.account ? found : undefined;
    const slot = index === undefined ? undefined : this.#slotOf(account, fill, index);
    const isOurs = live !== undefined || slot !== undefined;
    if (index === undefined || (!isOurs && !watch.isBaselined)) {
      // Not traded here, or from before our time, of whoever's orders: the position it made is in the snapshot.
      return this.#know(account, fill, at);
    }
    this.#take({ watch, account, index }, { live, slot, fill, at, draft });
  }

  /** Books one that is known nowhere yet, and tells of it. */
  #take(place: Place, { live, slot, fill, at, draft }: Taken): void {
    const { account, index } = place;
    const isOurs = live !== undefined || slot !== undefined;
    const before = account.unexplainedOf(index);
    const owner = this.#enter(fill, at, { live, slot: slot ?? account.slotOf(index) });
    draft.add({
      cause: isOurs ? 'missed-execution' : 'external-execution',
      account: account.account,
      symbol: fill.symbol,
      evidence: `execution ${fill.executionId}: ${fill.side} ${fill.qty} at ${fill.price}${fill.orderId === '' ? ', of an order without an id of an engine' : `, order '${fill.orderId}'`}`,
      action: isOurs ? `booked to ${owner.strategy} in book ${owner.book}` : 'booked to the suspense book',
    });
    if (live === undefined && owner === account.slotOf(index)) {
      judgeTraded(this.#parts, place, { traded: scaledOf(account.slotOf(index), fill), before, draft, at });
    }
  }

  /** A fee that was never told: its commission was lost. */
  #lateFee(
    account: SuspenseAccount,
    fill: Fill,
    { at, draft }: { readonly at: number; readonly draft: ReportDraft },
  ): void {
    const { execution } = this.#parts;
    const booked = execution.executions.find(account.account, fill.executionId);
    const slot = booked === undefined ? undefined : execution.slots[booked.slot];
    if (slot === undefined || !isFeeTold(fill) || booked?.fee !== 0) return;
    this.#commission(account, fill, at);
    draft.add({
      cause: 'changed-execution',
      account: account.account,
      symbol: slot.instrument.symbol,
      evidence: `execution ${fill.executionId}: its fee is ${fill.fee} ${fill.feeCurrency}`,
      action: `booked to ${slot.strategy} in book ${slot.book}`,
    });
  }

  /** To the live order, as its report would have been; without one, to the slot. */
  #enter(
    fill: Fill,
    at: number,
    { live, slot }: { readonly live: OrderRecord | undefined; readonly slot: TargetSlot },
  ): OrderOwner {
    const { execution } = this.#parts;
    if (live === undefined) {
      this.#outside(slot, { ...fill, at });
      return slot;
    }
    const { executionId, qty, price, fee, feeCurrency, liquidity } = fill;
    execution.onReport(reportOf(live, 'filled', at, { executionId, qty, price, fee, feeCurrency, liquidity }));
    return live.owner;
  }

  /** A commission, a correction or a bust; a fill of an order that is not live. */
  change(watch: BrokerWatch, event: ExecutionEvent, draft: ReportDraft): void {
    const { execution: fill, at } = event;
    if (event.change === 'fill') return this.book(watch, { ...fill, account: event.account }, at, draft);
    const account = accountOfChange(watch, event, this.#parts.execution);
    if (account === undefined) return;
    if (event.change === 'commission') return this.#commission(account, fill, at);
    const { execution } = this.#parts;
    const booked = execution.executions.find(account.account, fill.executionId);
    const slot = booked === undefined ? undefined : execution.slots[booked.slot];
    if (booked === undefined || slot === undefined) {
      // Never booked here: it is known from now on, and a correction is what it is.
      if (event.change === 'corrected') this.book(watch, { ...fill, account: account.account }, at, draft);
      else if (booked === undefined) this.#know(account, fill, at);
      return;
    }
    const isBust = event.change === 'busted';
    const place = { watch, account, index: slot.instrumentIndex };
    const before = account.unexplainedOf(place.index);
    const held = slot.heldScaled;
    if (isBust ? booked.signedScaled === 0 : isAsBooked(booked, slot, fill)) return;
    this.#reverse(account, { fill, slot, at, key: this.#freeKey(account, `${fill.executionId}#${event.change}`) });
    if (!isBust) this.#replace(account, { fill: withFee(fill, booked), slot, at });
    draft.add({
      cause: 'changed-execution',
      account: account.account,
      symbol: slot.instrument.symbol,
      evidence: `execution ${fill.executionId} was ${event.change}`,
      action: isBust ? 'reversed' : `reversed, and booked as ${fill.side} ${fill.qty} at ${fill.price}`,
    });
    if (slot === account.slotOf(place.index))
      judgeTraded(this.#parts, place, { traded: slot.heldScaled - held, before, draft, at });
  }

  #commission(account: SuspenseAccount, { executionId, fee, feeCurrency }: Fill, at: number): void {
    const { execution } = this.#parts;
    const { executions } = execution;
    const booked = executions.find(account.account, executionId);
    if (booked === undefined) return executions.keepFee(account.account, executionId, { fee, feeCurrency, at });
    const slot = execution.slots[booked.slot];
    if (slot === undefined) return;
    const isSameCurrency = booked.fee === 0 || booked.feeCurrency === feeCurrency;
    // What was booked in another currency is given back in it.
    if (!isSameCurrency) {
      execution.changeFee(slot, { feeChange: -booked.fee, feeCurrency: booked.feeCurrency, at });
    }
    const change = isSameCurrency ? fee - booked.fee : fee;
    if (change !== 0) execution.changeFee(slot, { feeChange: change, feeCurrency, at });
    executions.add(account.account, executionId, { ...booked, fee, feeCurrency });
  }

  #reverse(
    account: SuspenseAccount,
    {
      fill,
      slot,
      at,
      key,
    }: { readonly fill: Fill; readonly slot: TargetSlot; readonly at: number; readonly key: string },
  ): void {
    const { execution } = this.#parts;
    const booked = execution.executions.find(account.account, fill.executionId);
    // One that was taken back before has nothing left to be reversed.
    if (booked === undefined || booked.signedScaled === 0) return;
    this.#outside(slot, {
      at,
      side: booked.signedScaled > 0 ? 'sell' : 'buy',
      qty: slot.state.units(Math.abs(booked.signedScaled)),
      price: booked.price,
      fee: -booked.fee,
      feeCurrency: booked.feeCurrency,
      liquidity: 'unknown',
      executionId: key,
    });
    execution.executions.add(account.account, fill.executionId, { ...booked, signedScaled: 0, fee: 0 });
  }

  /** Books to a slot; what comes into the suspense book this way is explained. */
  #outside(slot: TargetSlot, fill: OutsideFill): void {
    const { execution, watches } = this.#parts;
    const suspense = watches
      .flatMap(({ accounts }) => accounts)
      .find((account) => account.slotOf(slot.instrumentIndex) === slot);
    // Where it is frozen: what others trade is nothing that a person lets close, but for what is judged then.
    suspense?.explain(slot.instrumentIndex, scaledOf(slot, fill));
    execution.bookOutside(slot, fill);
  }

  /** What the execution is now: under a name of its own, so that the old one stays known; the next correction finds the new one. */
  #replace(
    account: SuspenseAccount,
    { fill, slot, at }: { readonly fill: Fill; readonly slot: TargetSlot; readonly at: number },
  ): void {
    const { execution } = this.#parts;
    const { executionId } = fill;
    const key = this.#freeKey(account, `${executionId}#replaced`);
    this.#outside(slot, { ...fill, at, executionId: key });
    const booked = execution.executions.find(account.account, key);
    if (booked !== undefined) execution.executions.add(account.account, executionId, booked);
  }

  /** A name that no execution has yet. */
  #freeKey(account: SuspenseAccount, key: string): string {
    const { executions } = this.#parts.execution;
    let free = key;
    for (let n = 2; executions.has(account.account, free); n++) free = `${key}${n}`;
    return free;
  }

  /** Remembers an execution that is booked nowhere. */
  #know(account: SuspenseAccount, fill: Fill, at: number): void {
    const { executionId, price, fee, feeCurrency } = fill;
    const nothing = { slot: -1, sequence: 0, signedScaled: 0 };
    const { executions } = this.#parts.execution;
    // A fee that was told before it is in no book either, and nobody waits for it.
    executions.takeFee(account.account, executionId);
    executions.add(account.account, executionId, { ...nothing, price, fee, feeCurrency, at });
  }

  /** The slot that the tag names, on this account; only of an order of this run: another engine's books are called the same. */
  #slotOf(account: SuspenseAccount, { tag, orderId }: Fill, index: number): TargetSlot | undefined {
    if (Number.isNaN(parseOrderId(this.#parts.runEpoch, orderId))) return undefined;
    const [book, strategy] = ownerOf(tag);
    return this.#parts.execution.slots.find(
      (slot) =>
        slot.instrumentIndex === index &&
        slot.account === account.account &&
        slot.book === book &&
        slot.strategy === strategy,
    );
  }

  #liveOf({ orderId }: Fill): OrderRecord | undefined {
    const { desk, runEpoch } = this.#parts;
    const sequence = parseOrderId(runEpoch, orderId);
    return Number.isNaN(sequence) ? undefined : desk.find(sequence);
  }

  /** An execution that names no account is of the account of its order, or of the only one. */
  #accountOf(watch: BrokerWatch, fill: Fill): string | undefined {
    const live = this.#liveOf(fill);
    if (live !== undefined) return live.account;
    return watch.accounts.length === 1 ? watch.accounts[0]?.account : undefined;
  }
}

/** Book and strategy of a tag `STRATEGY|BOOK|YYYYMMDD`; a strategy's name may hold the separator. */
export function ownerOf(tag: string): readonly [book: string | undefined, strategy: string] {
  const parts = tag.split('|');
  parts.pop();
  const book = parts.pop();
  return [book, parts.join('|')];
}

/** A broker of several accounts may not say of which one it is: then it is of that which knows the execution. */
function accountOfChange(
  watch: BrokerWatch,
  { account, execution: { executionId } }: ExecutionEvent,
  { executions }: Execution,
): SuspenseAccount | undefined {
  if (account !== '') return watch.accountOf(account);
  const known = watch.accounts.filter((one) => executions.has(one.account, executionId));
  return known.length === 1 ? known[0] : undefined;
}

/** Quantity of an execution, signed and scaled. */
function scaledOf({ state }: TargetSlot, { side, qty }: Pick<Fill, 'side' | 'qty'>): number {
  return state.scaled(side === 'buy' ? qty : -qty);
}

/** Whether a broker says what an execution cost: one that does not know it yet says 0 or NaN. */
function isFeeTold({ fee }: Fill): boolean {
  return Number.isFinite(fee) && fee !== 0;
}

/** A correction that does not say what the execution costs leaves that as it was. */
function withFee(fill: Fill, { fee, feeCurrency }: BookedExecution): Fill {
  return isFeeTold(fill) || fee === 0 ? fill : { ...fill, fee, feeCurrency };
}

/** Whether a correction says nothing new: a broker that is asked anew, as after a restart, tells those of the day again, without fees first. */
function isAsBooked(booked: BookedExecution, slot: TargetSlot, fill: Fill): boolean {
  const signedScaled = scaledOf(slot, fill);
  const isSameFee = !isFeeTold(fill) || booked.fee === fill.fee;
  return booked.signedScaled === signedScaled && booked.price === fill.price && isSameFee;
}
