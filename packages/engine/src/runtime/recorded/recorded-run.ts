// A run over recorded data: what a backtest is, and a paper run over a recorded feed with a clock in front.
import type {
  EngineNotice,
  EpochMs,
  Feed,
  HistoryBlock,
  Instrument,
  MarketCalendar,
  RejectedRow,
} from '@bookrunner/sdk';
import type { CreatedParts, PreparedEngine } from '../../plugins/index.js';
import { effectiveConfigText } from '../../config/effective-config.js';
import type { DataSourceResult, RunResult } from '../../report/run-result.js';
import { assemble, type Assembly, type AssemblyTap, type RunInstrument } from '../assemble.js';
import { BarCursor } from './bar-cursor.js';
import { conversionSymbols } from '../conversion-symbols.js';
import { noData } from '../no-data.js';
import { feedBySymbol, openStreams, type RejectedCount, RejectedRows, type RunStream } from '../run-data.js';
import type { RecorderOptions } from '../run-recorder.js';
import { makeRunResult } from '../run-result.js';
import { runtimeError } from '../runtime-errors.js';
import type { BlockSource, CursorSetup, StreamCursor } from './stream-cursor.js';
import { StreamMerge } from './stream-merge.js';
import { strategyHashes } from '../strategy-hash.js';
import { TickCursor } from './tick-cursor.js';

/** What a recorded run needs. */
export interface RecordedRunOptions {
  readonly runId: string;
  readonly kind: 'backtest' | 'paper';
  readonly prepared: PreparedEngine;
  readonly parts: CreatedParts;
  readonly calendar: (id: string) => MarketCalendar;
  /** Trade from this instant on; data before it only warms up. */
  readonly from?: EpochMs;
  /** End of the data, exclusive. */
  readonly to?: EpochMs;
  /** Wall clock, for the report alone. */
  readonly now: () => EpochMs;
  readonly recorder?: RecorderOptions;
  readonly onNotice?: (notice: EngineNotice) => void;
  readonly onRejected?: (row: RejectedRow) => void;
  /** Kernel time and rows done so far, after each block. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Waits until the instant may be delivered; undefined for "now". */
  readonly pace?: (at: EpochMs) => Promise<void> | undefined;
  /** Ends the run early, between two blocks or instants. */
  readonly signal?: AbortSignal;
  /** Given the assembly before the first event, for whoever steers a paper run. */
  readonly onAssembled?: (assembly: Assembly) => void;
  /** Given what the run is made from; what it returns sees everything. A backtest has none. */
  readonly tap?: (start: {
    readonly instruments: readonly RunInstrument[];
    readonly tradeFrom: EpochMs;
  }) => AssemblyTap;
  /** Kernel time of the end, when all is recorded and before the result is made. */
  readonly onFinished?: (at: EpochMs) => void;
}

/** How far a run is. */
export interface RunProgress {
  readonly at: EpochMs;
  readonly rows: number;
}

const DAY_MS = 86_400_000;

/** Runs recorded data through the kernel to its end. Errors: RUN_…, DATA_…, CURRENCY_…; a strategy that fails does not throw. */
export async function runRecorded(options: RecordedRunOptions): Promise<RunResult> {
  const { prepared } = options;
  const startedAt = options.now();
  const started = performance.now();
  if (prepared.strategies.size === 0) throw runtimeError('RUN_WITHOUT_STRATEGIES', 'No strategy is declared.');
  const rejected = new RejectedRows(options.onRejected);
  const streams = await openRunStreams(options, rejected);
  const start = { instruments: streams.map(runInstrument), tradeFrom: options.from ?? Number.NEGATIVE_INFINITY };
  const assembly = assemble({
    prepared,
    parts: options.parts,
    ...start,
    calendar: options.calendar,
    ...(options.tap === undefined ? {} : { tap: options.tap(start) }),
    ...(options.recorder === undefined ? {} : { recorder: options.recorder }),
    ...(options.onNotice === undefined ? {} : { onNotice: options.onNotice }),
  });
  options.onAssembled?.(assembly);
  const cursors = streams.map((stream, index) => cursorOf(stream, index, { options, assembly, rejected }));
  // Without a pace nothing but the ends of blocks can be stopped at, and the cursors see to that.
  const stop = options.pace === undefined ? undefined : options.signal;
  await new StreamMerge(cursors).run(assembly.driver, options.pace, stop);
  // What is due at the last instant still happens; nothing later does.
  assembly.driver.advanceTo(assembly.kernel.now);
  const to = assembly.kernel.now;
  if (isEmpty(options, cursors, to)) return endEmpty(options, to, { streams, rejected });
  assembly.recorder.finish(to);
  options.onFinished?.(to);
  const from = Math.max(
    options.from ?? Number.NEGATIVE_INFINITY,
    Math.min(...cursors.map((cursor) => cursor.from).filter(Number.isFinite)),
  );
  const config = effectiveConfigText(prepared.config, prepared.optionsByPath);
  return makeRunResult(assembly, {
    runId: options.runId,
    kind: options.kind,
    name: prepared.config.engine.name,
    startedAt,
    elapsedMs: performance.now() - started,
    from,
    to,
    sources: streams.map((stream, index) =>
      sourceResult(stream, cursors[index] as StreamCursor, { counts: rejected.of(streams, index), to }),
    ),
    get config() {
      return config();
    },
    strategyHashes: strategyHashes(prepared.strategies),
    warnings: [...prepared.warnings.map((warning) => warning.message), ...emptyWarnings(streams, cursors)],
  });
}

/** Whether no row came but those that only warm up; a run that was stopped among them is a partial one. */
function isEmpty(
  { from = Number.NEGATIVE_INFINITY, signal }: RecordedRunOptions,
  cursors: readonly StreamCursor[],
  to: EpochMs,
): boolean {
  if (!Number.isFinite(to)) return true;
  return signal?.aborted !== true && !cursors.some(({ rows, lastTs }) => rows > 0 && lastTs >= from);
}

/** The end of a run without a row of its range. What it did is over for whoever keeps it, a journal for one. */
async function endEmpty(
  options: RecordedRunOptions,
  to: EpochMs,
  look: { readonly streams: readonly RunStream[]; readonly rejected: RejectedRows },
): Promise<never> {
  if (Number.isFinite(to)) options.onFinished?.(to);
  throw await noData({ ...look, run: options });
}

/** Of symbols that had no data while others had: what trades them did nothing. */
function emptyWarnings(streams: readonly RunStream[], cursors: readonly StreamCursor[]): readonly string[] {
  return streams.flatMap(({ feed, instrument }, index) =>
    cursors[index]?.rows === 0
      ? [
          `${instrument.symbol}: feed '${feed}' gave no row of it that could be used in the range of the run, so nothing traded it.`,
        ]
      : [],
  );
}

/** Symbols traded first, in order; then those that only convert currencies, from the first feed. */
async function openRunStreams(options: RecordedRunOptions, rejected: RejectedRows): Promise<readonly RunStream[]> {
  const { prepared, parts } = options;
  const feedOf = feedBySymbol(prepared);
  const [firstFeed] = feedOf.values();
  for (const symbol of conversionSymbols(prepared.config, [...feedOf.keys()])) feedOf.set(symbol, firstFeed as string);
  const from = options.from === undefined ? undefined : options.from - warmupSpan(options);
  const range = {
    ...(from === undefined ? {} : { from }),
    ...(options.to === undefined ? {} : { to: options.to }),
  };
  const streams = await openStreams(prepared, parts.feeds as ReadonlyMap<string, Feed>, { feedOf, range, rejected });
  const order = [...feedOf.keys()];
  return streams.toSorted((a, b) => order.indexOf(a.instrument.symbol) - order.indexOf(b.instrument.symbol));
}

/** Time before `from` that surely holds the bars the strategies need: three times their length, and a week for closed markets. */
function warmupSpan(options: RecordedRunOptions): number {
  let span = 0;
  for (const strategy of options.prepared.strategies.values()) {
    const bars = strategy.config.warmup ?? strategy.definition.warmup(strategy.params);
    for (const use of strategy.bars) {
      const seconds = (use.options as { readonly seconds?: number }).seconds ?? DAY_MS / 1_000;
      span = Math.max(span, bars * seconds * 1_000 * 3 + 7 * DAY_MS);
    }
  }
  return span;
}

function runInstrument(stream: RunStream): RunInstrument {
  return {
    instrument: stream.instrument as Instrument,
    source: stream.spec === undefined ? {} : { spec: stream.spec },
  };
}

function cursorOf(
  stream: RunStream,
  index: number,
  context: { options: RecordedRunOptions; assembly: Assembly; rejected: RejectedRows },
): StreamCursor {
  const { options, assembly } = context;
  const streamIndex = assembly.plan.feedStream(index);
  const source = watched(stream, context);
  const setup: CursorSetup = {
    symbol: stream.instrument.symbol,
    instrumentIndex: index,
    streamIndex,
    barMs: assembly.plan.streams[streamIndex]?.barMs ?? Number.NaN,
    order: index,
    closeDelayMs: options.prepared.config.engine.closeDelayMs,
    tradeFrom: options.from ?? Number.NEGATIVE_INFINITY,
    source,
  };
  return streamIndex < 0 ? new TickCursor(setup) : new BarCursor(setup);
}

/** Blocks that say whose they are while they are read, report progress, and stop when the run is aborted. */
function watched(
  stream: RunStream,
  context: { options: RecordedRunOptions; assembly: Assembly; rejected: RejectedRows },
): BlockSource {
  const { options, assembly, rejected } = context;
  const { blocks } = stream;
  const inner: BlockSource =
    Symbol.asyncIterator in blocks ? blocks[Symbol.asyncIterator]() : blocks[Symbol.iterator]();
  const { onProgress, signal } = options;
  return {
    async next(): Promise<IteratorResult<HistoryBlock>> {
      if (signal?.aborted === true) {
        await inner.return?.();
        return { done: true, value: undefined };
      }
      onProgress?.({ at: assembly.kernel.now, rows: assembly.driver.bars + assembly.driver.ticks });
      // Blocks are read one after the other, never two at a time.
      rejected.reader = stream;
      const block = await inner.next();
      rejected.reader = undefined;
      return block;
    },
  };
}

function sourceResult(
  stream: RunStream,
  cursor: StreamCursor,
  context: { counts: readonly RejectedCount[]; to: EpochMs },
): DataSourceResult {
  const { counts, to } = context;
  const [first] = counts;
  return {
    source: first?.source ?? `feed ${stream.feed}`,
    symbol: stream.instrument.symbol,
    rows: cursor.rows,
    rejected: counts.reduce((sum, { count }) => sum + count, 0),
    ...(first === undefined ? {} : { reason: first.reason }),
    from: cursor.from,
    to,
  };
}
