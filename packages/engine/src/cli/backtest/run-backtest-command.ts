// `bookrunner backtest`: reads engine.yaml, runs it over recorded data, leaves a run folder, says how it went.
import { join } from 'node:path';
import type { RejectedRow } from '@bookrunner/sdk';
import type { EngineConfig } from '../../config/index.js';
import { renderSummary } from '../../report/render-summary.js';
import { requireWritable } from '../../report/require-writable.js';
import type { RunResult } from '../../report/run-result.js';
import { writeRun } from '../../report/write-run.js';
import { tuneForBacktests } from '../../runtime/session/v8-options.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { logOptions } from '../log/log-options.js';
import { operatorText } from '../operator-text.js';
import { readConfig, runOverrides } from '../read-config.js';
import { backtest } from './backtest.js';
import { runCommandDocument } from './run-command-document.js';
import { progressDisplay } from './progress.js';
import { newRunId } from './run-id.js';
import { RunOutcome } from './run-outcome.js';
import { timeRange } from './time-range.js';
import { countText } from '../count-text.js';

const DEFAULT_FILLS = 1_000;
/** A run shorter than this needs no partial result: Ctrl-C ends it, and it is spared the start of the thread that catches it. */
const CATCH_AFTER_MS = 1_000;
/** Rows left out that are shown one by one. */
const SHOWN_REJECTED = 20;

/** Runs the command. */
export async function runBacktestCommand(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  tuneForBacktests();
  const range = timeRange(args.text('from'), args.text('to'));
  const fills = args.count('fills', 0, 'all') ?? DEFAULT_FILLS;
  const html = args.choice('report', ['html', 'none']) !== 'none';
  const config = readConfig(args, io, runOverrides(args, io));
  const runs = join(config.engine.dataDir, 'runs');
  requireWritable(runs);
  const outcome = new RunOutcome();
  const rejected = new RejectedSample();
  const result = await run({ args, io, config, range, outcome, rejected });
  const runDir = join(runs, result.runId);
  writeRun(runDir, result, { html });
  const { status, errors } = outcome;
  io.output.result(
    runCommandDocument(result, {
      status,
      errors,
      fills,
      rejectedRows: rejected.total,
      rejected: rejected.first,
      runDir,
    }),
    () => `${renderSummary(result)}${html ? `Report    ${join(runDir, 'report.html')}` : `Folder    ${runDir}`}`,
  );
  if (!io.output.isJson) rejected.tell(io);
  for (const error of errors) io.output.problem(operatorText(error));
  return status === 'done' ? EXIT.done : EXIT.failed;
}

interface RunContext {
  readonly args: CommandArguments;
  readonly io: CommandIo;
  readonly config: EngineConfig;
  readonly range: ReturnType<typeof timeRange>;
  readonly outcome: RunOutcome;
  readonly rejected: RejectedSample;
}

async function run(context: RunContext): Promise<RunResult> {
  const { args, io, range, outcome, rejected } = context;
  const interrupt = new AbortController();
  const catchFrom = performance.now() + CATCH_AFTER_MS;
  let stopListening: (() => void) | undefined;
  const listen = (): void => {
    if (stopListening !== undefined || performance.now() < catchFrom) return;
    stopListening = io.onBusyInterrupt(() => {
      outcome.isInterrupted = true;
      io.output.note('Stopping; press Ctrl-C again to stop at once.');
      interrupt.abort();
    });
  };
  const progress = progressDisplay(io.output, range);
  try {
    const result = await backtest(context.config, {
      ...range,
      runId: newRunId(io.now()),
      now: io.now,
      log: logOptions(args, io),
      signal: interrupt.signal,
      onNotice: outcome.notice,
      onRejected: rejected.add,
      onProgress: (at) => {
        listen();
        progress.update(at);
      },
    });
    return outcome.finish(result);
  } finally {
    progress.stop();
    stopListening?.();
  }
}

/** Counts rows left out and keeps the first of them. */
class RejectedSample {
  total = 0;
  readonly first: RejectedRow[] = [];

  readonly add = (row: RejectedRow): void => {
    this.total += 1;
    if (this.first.length < SHOWN_REJECTED) this.first.push(row);
  };

  tell(io: CommandIo): void {
    if (this.total === 0) return;
    const lines = this.first.map((row) => `  ${row.source}:${row.line}: ${row.reason}`);
    const more = this.total > this.first.length ? [`  and ${this.total - this.first.length} more`] : [];
    io.output.note(
      [
        `${countText(this.total, 'row')} of data ${this.total === 1 ? 'was' : 'were'} left out:`,
        ...lines,
        ...more,
      ].join('\n'),
    );
  }
}
