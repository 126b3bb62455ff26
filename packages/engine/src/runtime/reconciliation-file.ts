// `reconciliation.json` and `.txt` of a run folder: books against brokers, for whoever comes when the engine is gone.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineNotice } from '@bookrunner/sdk';
import type { EngineSnapshot } from '../control/engine-snapshot.js';
import type { ReconciliationView } from '../control/reconciliation-view.js';
import { renderReconciliation } from '../control/render-reconciliation.js';

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

  /** The run is over: writes what there is. */
  end(snapshot: EngineSnapshot): void {
    if (snapshot.reconciliation.length > 0) this.#write(snapshot, '');
  }

  #write({ runId, at, takenAt, reconciliation }: EngineSnapshot, matter: string): void {
    const { folder } = this.#options;
    this.#written = matter;
    this.#writtenAt = this.#stopwatch();
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      put(
        join(folder, 'reconciliation.json'),
        `${JSON.stringify({ run: runId, at, takenAt, reconciliation }, undefined, 2)}\n`,
      );
      put(join(folder, 'reconciliation.txt'), renderReconciliation(reconciliation, at ?? takenAt));
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

/** What of a view is news: not the figures of a table that agrees, nor which question was the last. */
function matterOf({ venue, state, frozen, unknown, differences, balances }: ReconciliationView): object {
  return {
    ...{ venue, state, frozen },
    unknown: unknown.map(({ orderId, status }) => [orderId, status]),
    found: differences.map(({ at, cause, account, symbol }) => [at, cause, account, symbol]),
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
