// The records of a run folded, one by one: what was decided then is taken as it was.
import type { Kernel } from '../kernel/kernel.js';
import type { FoldedEntry } from '../kernel/fold.js';
import { adoptLiquidation } from '../runtime/liquidation.js';
import type { FoldParts } from './fold-setup.js';
import type { JournalledEntry, JournalRecord, NumberedRecord } from './journal-record.js';
import type { StoredSnapshot } from './journal-reader.js';
import type { OpenEnds } from './open-ends.js';
import type { ReplayDifference } from './replay.js';
import { decodeSnapshot, type RunSnapshot } from './run-snapshot.js';

/** Folds one run. The simulated venue is given what it was given, and has to say what it said; the kernel is not asked at all. */
export class Fold {
  readonly #parts: FoldParts;
  readonly #kernel: Kernel;
  /** Outbox entries that the snapshot has and the first records repeat. */
  #unrecorded: JournalledEntry[] = [];
  #difference: ReplayDifference | undefined;

  constructor(parts: FoldParts) {
    this.#parts = parts;
    this.#kernel = parts.fold.kernel;
  }

  get kernel(): Kernel {
    return this.#kernel;
  }

  /** Where the venue first said something else, or the end is another one. */
  get difference(): ReplayDifference | undefined {
    return this.#difference;
  }

  /** Errors: JOURNAL_RECORD_INVALID. */
  restore({ payload, after, hash }: StoredSnapshot): void {
    const { kernel, venues, ends } = decodeSnapshot(payload);
    this.#parts.fold.restore(kernel);
    this.#parts.venue.restore(venues, this.#kernel, ends);
    this.#unrecorded = [...(ends?.unrecorded ?? [])];
    this.#checkHash(after, hash);
  }

  take({ sequence, record }: NumberedRecord): void {
    const { fold, venue } = this.#parts;
    switch (record.kind) {
      case 'outbox':
        return this.#entry(record.entry);
      case 'tick':
        if (record.isForVenue) this.#venueTakes(sequence, record);
        if (record.isForKernel) fold.take(record.tick);
        return;
      case 'event':
        this.#compareReport(sequence, record);
        return fold.take(record.event);
      case 'liquidation':
        this.#compare(sequence, venue.saidLiquidation(record.liquidation));
        venue.liquidated(adoptLiquidation(this.#kernel, record.liquidation, record.at), record.at);
        return fold.silence();
      case 'seam':
        return;
      case 'gap':
        return venue.forgetPrices();
      case 'end':
        return this.#checkHash(sequence, record.hash);
      default:
        return this.#venueTakes(sequence, record);
    }
  }

  /** The state after the last record, in the order of the run's own names. */
  state(): RunSnapshot {
    const { venue } = this.#parts;
    const ends: OpenEnds = { ...venue.ends(), unrecorded: [...this.#unrecorded] };
    return { kernel: this.#kernel.snapshot(), venues: venue.states(), rows: { ticks: 0, bars: 0 }, ends };
  }

  #entry(entry: JournalledEntry): void {
    if (this.#unrecorded.length > 0) return void this.#unrecorded.shift();
    const request = this.#parts.fold.entry(entry satisfies FoldedEntry);
    if (request !== undefined) this.#parts.venue.decided(request);
  }

  #venueTakes(sequence: number, record: Parameters<FoldParts['venue']['take']>[0]): void {
    const decided = this.#parts.venue.unsaid();
    if (decided !== undefined) this.#compare(sequence, { recorded: 'nothing', decided });
    this.#parts.venue.take(record);
  }

  #compareReport(sequence: number, { event }: Extract<JournalRecord, { kind: 'event' }>): void {
    const { venue } = this.#parts;
    if (event.kind === 'venue-report') this.#compare(sequence, venue.said(event));
    else if (event.kind === 'cash') this.#compare(sequence, venue.saidCash(event, this.#kernel));
  }

  #compare(sequence: number, said: { readonly recorded: string; readonly decided: string } | undefined): void {
    if (said !== undefined && said.recorded !== said.decided) this.#differ({ sequence, what: 'report', ...said });
  }

  #checkHash(sequence: number, recorded: string): void {
    const decided = this.#kernel.hash();
    if (decided !== recorded) this.#differ({ sequence, what: 'hash', recorded, decided });
  }

  #differ(difference: ReplayDifference): void {
    this.#difference ??= difference;
  }
}
