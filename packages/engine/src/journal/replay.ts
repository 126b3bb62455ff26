// The recorded inputs once more through a fresh kernel, and whether it decides as it did.
import type { Kernel } from '../kernel/kernel.js';
import type { Assembly } from '../runtime/assemble.js';
import { adoptLiquidation } from '../runtime/liquidation.js';
import type { Seam } from '../runtime/live/live-seam.js';
import { plainText, entryOf, entrySummary, entryText } from './entry-text.js';
import type { OtherEvent } from './event-codec.js';
import type { JournalledEntry, JournalRecord, NumberedRecord } from './journal-record.js';
import type { StoredSnapshot } from './journal-reader.js';
import { isRequest, type ReplayVenue, type VenueRecord } from './replay-venue.js';
import { decodeSnapshot, type RunSnapshot } from './run-snapshot.js';
import { type StateDifference, stateDifference } from './state-difference.js';

/** Where a replay first went another way. */
export interface ReplayDifference {
  /** Of the record at which it shows. */
  readonly sequence: number;
  readonly what: 'outbox' | 'report' | 'hash' | 'state';
  readonly recorded: string;
  readonly decided: string;
}

/** What a replay came to. */
export interface ReplayOutcome {
  readonly records: number;
  readonly events: number;
  readonly orders: number;
  readonly snapshots: number;
  /** Decisions of the last event that were not on disk when the run died; nothing of them went out. */
  readonly unrecorded: number;
  /** Requests that were on disk and had not gone out. */
  readonly waiting: number;
  readonly hash: string;
  readonly isFinished: boolean;
  readonly difference: ReplayDifference | undefined;
}

/** Replays one run, record by record. */
export class Replay {
  readonly #kernel: Kernel;
  readonly #assembly: Assembly;
  readonly #seam: Seam | undefined;
  readonly #venue: ReplayVenue | undefined;
  /** What the last event made the kernel do, and the journal has not yet said. */
  #decided: JournalledEntry[] = [];
  #records = 0;
  #events = 0;
  #orders = 0;
  #snapshots = 0;
  #isFinished = false;
  #difference: ReplayDifference | undefined;

  constructor(assembly: Assembly, parts: { readonly seam?: Seam | undefined; readonly venue?: ReplayVenue } = {}) {
    this.#assembly = assembly;
    this.#kernel = assembly.kernel;
    this.#seam = parts.seam;
    this.#venue = parts.venue;
  }

  /** The first difference, as soon as there is one; what follows it says nothing. */
  get difference(): ReplayDifference | undefined {
    return this.#difference;
  }

  /** Begins in the middle of a run. Errors: JOURNAL_RECORD_INVALID. */
  restore(snapshot: StoredSnapshot): void {
    const { kernel, venues, ends } = decodeSnapshot(snapshot.payload);
    this.#kernel.restore(kernel);
    this.#venue?.restore(venues, this.#kernel, ends);
    this.#decided = [...(ends?.unrecorded ?? [])];
    this.#checkHash(snapshot);
    // What is between kernel and venue may have lost what is over by now.
    this.#checkState(snapshot, false);
  }

  take({ sequence, record }: NumberedRecord): void {
    this.#records += 1;
    if (record.kind === 'outbox') return this.#compare(sequence, record.entry);
    // What the venue alone sees, and hand-overs, come after the outbox of the event before them.
    const [first] = this.#decided;
    if (first !== undefined)
      this.#differ({ sequence, what: 'outbox', recorded: 'nothing', decided: entrySummary(first) });
    this.#input(sequence, record);
  }

  /** A snapshot taken after the last record. Errors: JOURNAL_RECORD_INVALID. */
  check(snapshot: StoredSnapshot): void {
    this.#snapshots += 1;
    this.#checkHash(snapshot);
    this.#checkState(snapshot, true);
  }

  /** The state after the last record, as a run that goes on from it begins. */
  state(): RunSnapshot {
    const rows = { ticks: 0, bars: 0 };
    const venues = this.#venue?.states() ?? [];
    const between = this.#venue?.ends() ?? { statements: [], requests: [] };
    const ends = { ...between, unrecorded: [...this.#decided] };
    return { kernel: this.#kernel.snapshot(), venues, rows, ends };
  }

  outcome(): ReplayOutcome {
    return {
      records: this.#records,
      events: this.#events,
      orders: this.#orders,
      snapshots: this.#snapshots,
      unrecorded: this.#decided.length,
      waiting: (this.#venue?.waiting ?? 0) - this.#decided.filter(({ kind }) => isRequest(kind)).length,
      hash: this.#kernel.hash(),
      isFinished: this.#isFinished,
      difference: this.#difference,
    };
  }

  #input(sequence: number, record: Exclude<JournalRecord, { kind: 'outbox' }>): void {
    const kernel = this.#kernel;
    switch (record.kind) {
      case 'tick':
        if (record.isForVenue) this.#venueTakes(sequence, record);
        if (!record.isForKernel) return;
        kernel.process(record.tick);
        break;
      case 'event':
        this.#compareReport(sequence, record.event);
        kernel.process(record.event);
        break;
      case 'liquidation':
        return this.#liquidate(sequence, record);
      case 'seam':
        return this.#seam?.open(record.symbol, record.at, record.isWhole);
      case 'gap':
        return this.#pass(record);
      case 'end':
        return this.#end(sequence, record);
      default:
        return this.#venueTakes(sequence, record);
    }
    this.#events += 1;
    this.#decided = this.#drain();
  }

  #pass({ at }: Extract<JournalRecord, { kind: 'gap' }>): void {
    this.#venue?.forgetPrices();
    this.#seam?.drop(at);
  }

  #end(sequence: number, { at, hash }: Extract<JournalRecord, { kind: 'end' }>): void {
    this.#isFinished = true;
    // The end of a run marks its books once more.
    this.#assembly.recorder.finish(at);
    const decided = this.#kernel.hash();
    if (decided !== hash) this.#differ({ sequence, what: 'hash', recorded: hash, decided });
  }

  #venueTakes(sequence: number, record: VenueRecord): void {
    const venue = this.#venue;
    if (venue === undefined) return;
    const decided = venue.unsaid();
    if (decided !== undefined) this.#differ({ sequence, what: 'report', recorded: 'nothing', decided });
    venue.take(record);
  }

  /** Of the kernel's events, those the venue has said. */
  #compareReport(sequence: number, event: OtherEvent): void {
    if (event.kind === 'venue-report') this.#compareSaid(sequence, this.#venue?.said(event));
    else if (event.kind === 'cash') this.#compareSaid(sequence, this.#venue?.saidCash(event, this.#kernel));
  }

  #compareSaid(sequence: number, said: { readonly recorded: string; readonly decided: string } | undefined): void {
    if (said !== undefined && said.recorded !== said.decided) this.#differ({ sequence, what: 'report', ...said });
  }

  #liquidate(sequence: number, { liquidation, at }: Extract<JournalRecord, { kind: 'liquidation' }>): void {
    this.#compareSaid(sequence, this.#venue?.saidLiquidation(liquidation));
    const parts = adoptLiquidation(this.#kernel, liquidation, at);
    this.#venue?.liquidated(parts, at);
    // Its notice stands for nothing but the record itself.
    this.#drain();
  }

  #drain(): JournalledEntry[] {
    const { outbox } = this.#kernel;
    if (!outbox.hasEntries) return [];
    const entries: JournalledEntry[] = [];
    for (let entry = outbox.take(); entry !== undefined; entry = outbox.take()) {
      entries.push(entryOf(entry));
      this.#venue?.decided(entry);
    }
    return entries;
  }

  #compare(sequence: number, recorded: JournalledEntry): void {
    const decided = this.#decided.shift();
    if (recorded.kind === 'submit') this.#orders += recorded.orders.length;
    if (decided !== undefined && entryText(decided) === entryText(recorded)) return;
    this.#differ({ sequence, what: 'outbox', recorded: entrySummary(recorded), decided: entrySummary(decided) });
  }

  #checkHash({ after, hash }: StoredSnapshot): void {
    const decided = this.#kernel.hash();
    if (decided !== hash) this.#differ({ sequence: after, what: 'hash', recorded: hash, decided });
  }

  #checkState({ after, payload }: StoredSnapshot, isAtEnd: boolean): void {
    const found = this.#stateDifference(decodeSnapshot(payload), isAtEnd);
    if (found === undefined) return;
    const { path, recorded, decided } = found;
    this.#differ({
      ...{ sequence: after, what: 'state' },
      recorded: `${path}: ${recorded}`,
      decided: `${path}: ${decided}`,
    });
  }

  #stateDifference({ kernel, venues, ends }: RunSnapshot, isAtEnd: boolean): StateDifference | undefined {
    const decided = this.#kernel.snapshot();
    const names = { runners: this.#kernel.parts.signals.runners.map(({ name }) => name) };
    for (const part of Object.keys(decided) as (keyof typeof decided)[]) {
      const found = stateDifference(part, [kernel[part], decided[part]], names);
      if (found !== undefined) return found;
    }
    const venue = this.#venue?.differenceFrom(venues);
    if (venue !== undefined) return venue;
    if (ends === undefined || !isAtEnd || plainText(this.state().ends) === plainText(ends)) return undefined;
    return stateDifference('ends', [ends, this.state().ends]);
  }

  #differ(difference: ReplayDifference): void {
    this.#difference ??= difference;
  }
}
