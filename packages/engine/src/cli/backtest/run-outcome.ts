// What went wrong in a run that nevertheless ended: strategies that failed, an interrupt.
import type { EngineNotice } from '@bookrunner/sdk';
import { cliError } from '../cli-errors.js';
import { errorDocument, type ErrorDocument } from '../operator-text.js';
import type { ReportInput } from '../../report/run-result.js';

/** How a run ended. */
export type RunStatus = 'done' | 'failed' | 'interrupted';

/** A run fails in these ways, though it ends as it should; the operator is told what a person can do. */
const REMEDIES: Readonly<Record<string, string>> = {
  STRATEGY_THREW: 'Correct the strategy, or its parameters; `npm test` in its package runs its contract suite.',
  STRATEGY_STATE_INVALID:
    'Keep numbers, texts, booleans, lists and plain objects in `state`, nothing else: it is saved, and given back after a restart.',
  PANIC_UNFINISHED: 'Start the engine again, without --resume: the panic goes on. Or close by hand what is left.',
  ENGINE_WORKER_HUNG: 'Correct or remove what hangs; strategies stay off until a person starts them.',
  ENGINE_WORKER_DIED: 'See the message above it; strategies stay off until a person starts them.',
  STRATEGY_ANSWER_INVALID:
    'Let onBar return a finite number from -1 to 1, a target, or nothing; guard features that are NaN during warm-up or in a flat market.',
};

/** Collects what a run's notices say about failed strategies. */
export class RunOutcome {
  readonly errors: ErrorDocument[] = [];
  isInterrupted = false;

  /** For `onNotice` of the run. */
  readonly notice = (notice: EngineNotice): void => {
    const general = REMEDIES[notice.code];
    if (general === undefined || notice.level !== 'alarm') return;
    const own = notice.details['remedy'];
    const remedy = typeof own === 'string' ? own : general;
    const message = notice.message.replaceAll(/\s*\n\s*/g, ' ');
    this.errors.push({ code: notice.code, message, remedy, severity: 'fatal' });
  };

  get status(): RunStatus {
    if (this.isInterrupted) return 'interrupted';
    return this.errors.length > 0 ? 'failed' : 'done';
  }

  /** The result, saying first that it is partial where it is. */
  finish<Result extends Pick<ReportInput, 'to' | 'warnings'>>(result: Result): Result {
    if (!this.isInterrupted) return result;
    const until = new Date(result.to).toISOString();
    const error = errorDocument(cliError('CLI_INTERRUPTED', `The run was interrupted; it got as far as ${until}.`));
    this.errors.push(error);
    return { ...result, warnings: [`Partial: ${error.message} ${error.remedy}`, ...result.warnings] };
  }
}
