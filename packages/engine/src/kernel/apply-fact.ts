import { type ProtectInstruction, toMoney } from '@bookrunner/sdk';
import type { KernelParts } from './build.js';
import type { CashEvent, CorporateActionEvent } from './event.js';

/** Books cash that is no trade. Deposits are flows and no profit; financing and dividends are profit. */
export function applyCash(parts: KernelParts, event: CashEvent): void {
  const book = parts.portfolio.books.find((candidate) => candidate.name === event.book);
  if (book === undefined) {
    parts.outbox.notify({
      ts: event.at,
      level: 'alarm',
      code: 'CASH_WITHOUT_BOOK',
      message: `${event.amount} ${event.currency} (${event.reason}) names book '${event.book}', which does not exist.`,
      details: { ...event },
    });
    return;
  }
  const before = book.cashValue();
  book.addCash(event.currency, toMoney(event.amount));
  const inBase = book.cashValue() - before;
  if (event.reason === 'deposit') {
    book.flows += inBase;
    book.dayFlows += inBase;
    parts.guards.watch();
  }
  parts.listener.cashMoved(book, event.at, inBase, event.reason);
}

/** A split: windows, stops and positions follow; wishes wait for a new answer, since their units meant the old shares. */
export function applyCorporateAction(parts: KernelParts, event: CorporateActionEvent): void {
  const { numerator, denominator } = event;
  const factor = denominator / numerator;
  for (const stream of parts.market.streams) {
    if (stream.state.index === event.instrumentIndex) stream.window.rescale(factor);
  }
  const state = parts.market.instruments[event.instrumentIndex];
  if (state === undefined) return;
  state.bid *= factor;
  state.ask *= factor;
  state.last *= factor;
  state.price *= factor;
  parts.portfolio.marks.areCurrent = false;
  for (const slot of parts.execution.slots) {
    if (slot.instrumentIndex !== event.instrumentIndex) continue;
    if (!slot.position.holding.split(numerator, denominator)) {
      parts.outbox.notify({
        ts: event.at,
        level: 'alarm',
        code: 'SPLIT_LEAVES_FRACTION',
        message: `The split ${numerator}:${denominator} of ${state.instrument.symbol} leaves a fraction below its scale in book ${slot.book}.`,
        details: { symbol: state.instrument.symbol, book: slot.book },
      });
    }
    slot.targetScaled = Math.round((slot.targetScaled * numerator) / denominator);
    slot.protect = scaled(slot.protect, factor);
    if (slot.kept !== undefined) slot.kept = { ...slot.kept, protect: scaled(slot.kept.protect, factor) };
    parts.execution.evaluate(slot);
  }
}

/** An instruction at prices of another scale. */
function scaled(protect: ProtectInstruction | undefined, factor: number): ProtectInstruction | undefined {
  if (protect === undefined) return undefined;
  const { stop, takeProfit, trail } = protect;
  return {
    ...(stop === undefined ? {} : { stop: stop * factor }),
    ...(takeProfit === undefined ? {} : { takeProfit: takeProfit * factor }),
    ...(trail === undefined ? {} : { trail: trail * factor }),
  };
}
