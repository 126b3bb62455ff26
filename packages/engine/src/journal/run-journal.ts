import type { EpochMs } from '@bookrunner/sdk';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelListener } from '../kernel/listener.js';
import type { KernelSetup } from '../kernel/setup.js';
import type { Assembly, AssemblyTap } from '../runtime/assemble.js';
import type { ReportRelay, VenueCash } from '../runtime/report-relay.js';
import type { SimulatedVenues } from '../runtime/simulated-venues.js';
import type { SynchronousVenue } from '../runtime/synchronous-venue.js';
import { DurableVenue } from './durable-venue.js';
import { JournaledKernel } from './journaled-kernel.js';
import { JournaledRelay } from './journaled-relay.js';
import type { JournalWriter } from './journal-writer.js';
import type { RecoveredRun } from './recover-run.js';
import { encodeSnapshot } from './run-snapshot.js';

/** Time between two snapshots of a running engine. */
export const SNAPSHOT_EVERY_MS = 60_000;

/** Options of {@link RunJournal}. */
export interface RunJournalOptions {
  readonly snapshotEveryMs?: number;
  /** A snapshot could not be written. */
  readonly onFault: (error: unknown) => void;
}

/** The journal of one run: makes the parts that record, and stores snapshots. */
export class RunJournal implements AssemblyTap {
  readonly writer: JournalWriter;
  readonly #options: RunJournalOptions;
  #assembly: Assembly | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(writer: JournalWriter, options: RunJournalOptions) {
    this.writer = writer;
    this.#options = options;
  }

  kernel(setup: KernelSetup, listener: KernelListener): Kernel {
    return new JournaledKernel(setup, listener, this.writer);
  }

  relay(onCash: (cash: VenueCash) => void): ReportRelay {
    return new JournaledRelay(onCash, this.writer);
  }

  venue({ venue }: SimulatedVenues): SynchronousVenue {
    return new DurableVenue(venue, this.writer);
  }

  /** The run is put together: from now on there is something to store. */
  attach(assembly: Assembly): void {
    this.#assembly = assembly;
    this.#timer = setInterval(() => this.#onInterval(), this.#options.snapshotEveryMs ?? SNAPSHOT_EVERY_MS);
    this.#timer.unref();
  }

  /** The first thing of a run that goes on from another: the state it begins with. Errors: JOURNAL_…. */
  begin({ hash, payload, segment }: RecoveredRun): void {
    this.writer.snapshot({ hash, payload });
    this.writer.succeed(segment.id);
  }

  /** Stores the state as it is; to be called between two events only. Errors: JOURNAL_…. */
  snapshot(): void {
    const row = this.#row();
    if (row !== undefined) this.writer.snapshot(row);
  }

  /** The run is over. Errors: JOURNAL_…. */
  end(at: EpochMs): void {
    clearInterval(this.#timer);
    const row = this.#row();
    if (row !== undefined) this.writer.end(row, at);
  }

  /** May be called twice. A run that was not ended stays unfinished in the journal. */
  close(): void {
    clearInterval(this.#timer);
    this.writer.close();
  }

  #row(): { readonly hash: string; readonly payload: Uint8Array } | undefined {
    if (this.#assembly === undefined) return undefined;
    const { kernel, driver, simulator } = this.#assembly;
    const rows = { ticks: driver.ticks, bars: driver.bars };
    const payload = encodeSnapshot({ kernel: kernel.snapshot(), venues: simulator.save(), rows });
    return { hash: kernel.hash(), payload };
  }

  /** Timers run between events: the event loop never turns inside one. */
  #onInterval(): void {
    try {
      this.snapshot();
    } catch (error) {
      clearInterval(this.#timer);
      this.#options.onFault(error);
    }
  }
}
