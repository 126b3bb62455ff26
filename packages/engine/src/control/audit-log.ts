// Who asked for what, when, and what came of it: one JSON line each in the run folder.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, EpochMs } from '@bookrunner/sdk';
import { controlError } from './control-errors.js';

/** What came of a command. */
export interface AuditOutcome {
  readonly outcome: 'done' | 'refused' | 'confirm' | 'late';
  readonly reason?: string;
  readonly message?: string;
}

/** Options of {@link AuditLog}. */
export interface AuditLogOptions {
  /** The run folder; made if it does not exist. */
  readonly folder: string;
  readonly now: () => EpochMs;
  /** Removes from a line what must not be seen: `config.source.mask`. */
  readonly mask?: (text: string) => string;
}

/** Appends to `audit.jsonl`. Errors: AUDIT_UNWRITABLE. */
export class AuditLog {
  readonly path: string;
  readonly #options: AuditLogOptions;

  constructor(options: AuditLogOptions) {
    this.#options = options;
    this.path = join(options.folder, 'audit.jsonl');
  }

  /** Writes one line before it returns. Confirmation tokens are never part of it. */
  record(command: Command, outcome: AuditOutcome): void {
    const { name, args, actor } = command;
    const line = JSON.stringify({ at: this.#options.now(), actor, command: name, args, ...outcome });
    try {
      mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
      appendFileSync(this.path, `${this.#options.mask?.(line) ?? line}\n`);
    } catch (cause) {
      throw controlError('AUDIT_UNWRITABLE', 'The audit of commands cannot be written to the run folder.', {
        cause,
        details: { path: this.path },
      });
    }
  }
}
