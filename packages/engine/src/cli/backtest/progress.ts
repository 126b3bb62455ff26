// How far a run is: a bar on a terminal, a plain line now and then in a pipe, nothing when quiet.
import { createRequire } from 'node:module';
import type { SingleBar } from 'cli-progress';
import type { TimeRange } from './time-range.js';
import type { CommandOutput } from '../command-output.js';
import type { RunProgress } from '../../runtime/recorded/recorded-run.js';

const LINE_EVERY_MS = 2_000;
const BAR_EVERY_MS = 100;

/** Shows progress until it is told to stop. */
export interface ProgressDisplay {
  update(progress: RunProgress): void;
  /** Takes the bar away; safe to call twice. */
  stop(): void;
}

/** The display for an output. Short runs show nothing: a first line comes after two seconds, a first bar after a tenth of one. */
export function progressDisplay(output: CommandOutput, range: TimeRange, lineEveryMs = LINE_EVERY_MS): ProgressDisplay {
  if (output.isQuiet) return { update() {}, stop() {} };
  return output.stderr.isTerminal ? new TerminalProgress(range) : new LineProgress(output, lineEveryMs);
}

class LineProgress implements ProgressDisplay {
  readonly #output: CommandOutput;
  readonly #everyMs: number;
  #next: number;

  constructor(output: CommandOutput, everyMs: number) {
    this.#output = output;
    this.#everyMs = everyMs;
    this.#next = performance.now() + everyMs;
  }

  update(progress: RunProgress): void {
    if (performance.now() < this.#next) return;
    this.#next = performance.now() + this.#everyMs;
    this.#output.note(`${rowsText(progress)}, at ${timeText(progress)}`);
  }

  stop(): void {}
}

/** With a known range the bar fills; without one it only counts. */
class TerminalProgress implements ProgressDisplay {
  readonly #range: TimeRange;
  #bar: SingleBar | undefined;
  #next = performance.now() + BAR_EVERY_MS;

  constructor(range: TimeRange) {
    this.#range = range;
  }

  update(progress: RunProgress): void {
    if (performance.now() < this.#next || !Number.isFinite(progress.at)) return;
    this.#next = performance.now() + BAR_EVERY_MS;
    const bar = (this.#bar ??= this.#start());
    const { from, to } = this.#range;
    const done = from === undefined || to === undefined ? 0 : Math.max(0, progress.at - from);
    bar.update(done, { rows: rowsText(progress), at: timeText(progress) });
    // The run never leaves the thread for long, so the bar's own timer would seldom draw.
    bar.render();
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #start(): SingleBar {
    const { SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof import('cli-progress');
    const { from, to } = this.#range;
    const isBounded = from !== undefined && to !== undefined;
    const format = isBounded ? '{bar} {percentage}%  {rows}, at {at}' : '{rows}, at {at}';
    const bar = new SingleBar({
      format,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      barCompleteChar: '#',
      barIncompleteChar: '.',
    });
    bar.start(isBounded ? to - from : 1, 0, { rows: '', at: '' });
    return bar;
  }
}

function rowsText(progress: RunProgress): string {
  return `${progress.rows.toLocaleString('en-US')} rows`;
}

function timeText(progress: RunProgress): string {
  return Number.isFinite(progress.at)
    ? `${new Date(progress.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : 'the start';
}
