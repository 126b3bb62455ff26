// `reconciliation.json` and `.txt` of a run folder: books against brokers, for whoever comes when the engine is gone.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { EngineSnapshot } from '../../control/engine-snapshot.js';
import type { ReconciliationView } from '../../control/reconciliation-view.js';
import { renderReconciliation } from '../../control/render-reconciliation.js';

/** Least time between two writes while the run goes on. */
export const WRITE_EVERY_MS = 5_000;

/** Options of {@link ReconciliationFile}. */
export interface ReconciliationFileOptions {
  /** Of the run. */
  readonly folder: string;
  readonly notify: (notice: EngineNotice) => void;
  /** Milliseconds that only move on. */
  readonly stopwatch?: () => number;
}

/**
 * Writes when something changed that matters to a person, at most every {@link WRITE_EVERY_MS}, and at the end. Figures that move
 * with every fill and agree are no such change. A disk that fails costs a warning, not the run.
 */
export class ReconciliationFile {
  readonly #options: ReconciliationFileOptions;
  readonly #stopwatch: () => number;
  #written = '';
  #writtenAt = Number.NEGATIVE_INFINITY;
  #hasFailed = false;

  constructor(options: ReconciliationFileOptions) {
    this.#options = options;
    this.#stopwatch = options.stopwatch ?? (() => performance.now());
  }

  /** Looks at what the run shows; writes where it is time. */
  look(snapshot: EngineSnapshot): void {
    if (snapshot.reconciliation.length === 0) return;
    if (this.#stopwatch() - this.#writtenAt < WRITE_EVERY_MS) return;
    const matter = JSON.stringify(snapshot.reconciliation.map(matterOf));
    if (matter !== this.#written) this.#write(snapshot, matter);
  }

  /** The run is over: writes what there is, and says what was not compared any more. `fillsSince`: at a venue, after an instant. */
  end(snapshot: EngineSnapshot, fillsSince: (venue: string, since: EpochMs) => number): void {
    if (snapshot.reconciliation.length === 0) return;
    const { at, takenAt } = snapshot;
    const texts = snapshot.reconciliation.flatMap((view) => notCompared(view, at ?? takenAt, fillsSince));
    this.#write(snapshot, '', texts);
  }

  #write(
    { runId, at, takenAt, reconciliation }: EngineSnapshot,
    matter: string,
    notCompared: readonly string[] = [],
  ): void {
    const { folder } = this.#options;
    this.#written = matter;
    this.#writtenAt = this.#stopwatch();
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      put(
        join(folder, 'reconciliation.json'),
        `${JSON.stringify({ run: runId, at, takenAt, notCompared, reconciliation }, undefined, 2)}\n`,
      );
      const text = renderReconciliation(reconciliation, at ?? takenAt);
      put(join(folder, 'reconciliation.txt'), [text, ...notCompared.map((line) => `${line}\n`)].join('\n'));
    } catch (error) {
      this.#failed(error, takenAt);
    }
  }

  /** Said once: what it would hold is at the control surfaces as well. */
  #failed(error: unknown, ts: number): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const message = `reconciliation.json cannot be written to the run folder (${code}).`;
    this.#options.notify({ ts, level: 'warning', code: 'RECONCILIATION_UNWRITABLE', message, details: {} });
  }
}

/** The last answer is asked for when the run ends; older than this it is none of the end. */
const FRESH_MS = 10_000;

/** A sentence where the last complete answer of a broker is not of the end. */
function notCompared(
  view: ReconciliationView,
  at: EpochMs,
  fillsSince: (venue: string, since: EpochMs) => number,
): readonly string[] {
  const { venue, completeAt } = view;
  const since = completeAt ?? Number.NEGATIVE_INFINITY;
  if (isAnswered(view) && at - since <= FRESH_MS && fillsSince(venue, since + 1) === 0) return [];
  const fills = fillsSince(venue, since);
  const count = `${fills} ${fills === 1 ? 'fill' : 'fills'}`;
  if (completeAt === null) return [`NOT COMPARED: venue ${venue} gave no complete answer in this run: ${count}.`];
  const from = new Date(completeAt).toISOString();
  return [`NOT COMPARED: venue ${venue} has not shown what was booked since ${from}: ${count}.`];
}

/** Whether the last question has its answer, and nothing was on its way meanwhile. */
function isAnswered({ state, isAsked, failures, balances }: ReconciliationView): boolean {
  const isMoving = balances.some(({ difference }) => difference === null);
  return state === 'ready' && !isAsked && failures === 0 && !isMoving;
}

/** What of a view is news: not the figures of a table that agrees, nor which question was the last. */
function matterOf({ venue, state, frozen, undecided, unknown, differences, balances }: ReconciliationView): object {
  return {
    ...{ venue, state },
    // What could be closed of it moves with what strategies trade.
    toDecide: [...frozen, ...undecided].map(({ closable: _closable, ...row }) => row),
    unknown: unknown.map(({ orderId, status }) => [orderId, status]),
    found: differences.map(({ at, cause, account, symbol, isOpen, decision }) => [
      ...[at, cause, account, symbol],
      ...[isOpen, decision],
    ]),
    suspense: balances
      .filter(({ suspense }) => suspense !== 0)
      .map(({ account, name, suspense }) => [account, name, suspense]),
    differing: balances.filter(({ difference }) => difference !== null && difference !== 0),
  };
}

/** Beside the file and renamed: a reader sees the old one or the new one. */
function put(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}
