// Brokers of a kernel: a suspense book for each account, and what depends on each session.
import type { CurrencyConverter } from '../market/currency-converter.js';
import type { InstrumentState } from '../market/instrument-state.js';
import type { TargetSlot } from '../execution/target-slot.js';
import { BrokerWatch } from '../reconciliation/broker-watch.js';
import { Reconciler, type ReconcilerParts } from '../reconciliation/reconciler.js';
import { SuspenseAccount } from '../reconciliation/suspense.js';
import type { StrategyRunner } from '../signals/strategy-runner.js';
import type { BrokerSetup, KernelSetup } from './setup.js';

/** How brokers are asked unless engine.yaml says otherwise. */
const DEFAULT_RECONCILE = { everyMs: 60_000, settleMs: 2_000, pageMs: 30_000, callMs: 10_000 };

/** A broker and the suspense books of its accounts. */
export interface BrokerAccounts {
  readonly broker: BrokerSetup;
  readonly accounts: readonly SuspenseAccount[];
}

/** One suspense book for each account; their indexes follow those of books and strategies. */
export function makeSuspense(
  setup: KernelSetup,
  parts: { readonly instruments: readonly InstrumentState[]; readonly converter: CurrencyConverter },
): readonly BrokerAccounts[] {
  let made = 0;
  return (setup.brokers ?? []).map((broker) => ({
    broker,
    accounts: broker.accounts.map(({ name, isExclusive }) => {
      const book = setup.books.find(({ account }) => account === name) ?? setup.books[0];
      if (book === undefined) throw new RangeError(`Account '${name}' of a kernel without books.`);
      const suspense = new SuspenseAccount({
        venue: broker.venue,
        account: name,
        isExclusive,
        runEpoch: setup.runEpoch,
        base: book.base,
        dayCalendar: book.dayCalendar,
        bookIndex: setup.books.length + made,
        strategyIndex: setup.strategies.length + made,
        ...parts,
      });
      made += 1;
      return suspense;
    }),
  }));
}

/** What the reconciler of a kernel works with, but for what the set-up says. */
type ReconcilerContext = Omit<ReconcilerParts, 'watches' | 'reconcile' | 'runEpoch' | 'indexOf' | 'venueReplaces'> & {
  readonly slots: readonly TargetSlot[];
  readonly runners: readonly StrategyRunner[];
};

/** Undefined where all fills are simulated. */
export function makeReconciler(
  brokers: readonly BrokerAccounts[],
  setup: KernelSetup,
  { slots, runners, ...parts }: ReconcilerContext,
): Reconciler | undefined {
  if (brokers.length === 0) return undefined;
  const { instruments } = parts;
  const watches = brokers.map(({ broker, accounts }) => {
    const names = new Set(accounts.map(({ account }) => account));
    return new BrokerWatch({
      setup: broker,
      accounts,
      slots: slots.filter((slot) => names.has(slot.account)),
      runners: runners.filter((runner) => runner.slots.some((slot) => names.has(slot.account))),
      instrumentCount: instruments.length,
    });
  });
  return new Reconciler({
    ...parts,
    watches,
    reconcile: setup.reconcile ?? DEFAULT_RECONCILE,
    runEpoch: setup.runEpoch,
    venueReplaces: setup.venueReplaces,
    indexOf: new Map(instruments.map(({ instrument, index }) => [instrument.symbol, index])),
  });
}
