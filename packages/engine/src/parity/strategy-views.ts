// What strategies saw and remembered, in the session and in the backtest. The session's side is a replay of its journal, and counts only
// where that decides all that was recorded: what goes by anything else, such as chance, has decided from nothing that is known here.
import { isDeepStrictEqual } from 'node:util';
import { type EpochMs, isTradingError } from '@bookrunner/sdk';
import type { Environment } from '../config/index.js';
import type { JournalReader, SegmentLine } from '../journal/journal-reader.js';
import type { JournalRecord } from '../journal/journal-record.js';
import { prepareReplay, type ReplaySetup, type ReplaySetupOptions } from '../journal/replay-setup.js';
import { Replay } from '../journal/replay.js';
import type { Kernel } from '../kernel/kernel.js';
import type { StrategyRunner } from '../signals/strategy-runner.js';
import { ParityBacktest } from './parity-backtest.js';
import type { ChainLink } from './session-chain.js';

/** A span in which a strategy saw other bars or features than in the backtest, or remembered something else, or had answered otherwise. */
export interface ViewSpan {
  readonly strategy: string;
  readonly what: 'bars or features' | 'state' | 'last answers';
  /** When both sides were last seen to be the same, and when first not. */
  readonly after: EpochMs;
  readonly from: EpochMs;
  /** When they were the same again; infinity while they are not. */
  to: EpochMs;
}

/** What {@link readViews} works on. */
export interface ViewsOptions {
  readonly chain: readonly ChainLink[];
  readonly reader: JournalReader;
  readonly dataDir: string;
  readonly env?: Environment;
  readonly withCommands: boolean;
  /** Exclusive. */
  readonly to?: EpochMs;
}

/**
 * Spans of all strategies; none where a replay decides otherwise than the session, undefined where the journal cannot be replayed.
 * Errors: those of the comparison.
 */
export async function readViews(options: ViewsOptions): Promise<readonly ViewSpan[] | undefined> {
  const { chain, withCommands } = options;
  const setup = { dataDir: options.dataDir, ...(options.env === undefined ? {} : { env: options.env }) };
  const backtest = await ParityBacktest.prepare({ ...setup, chain, withCommands, onNotice: () => {} });
  const spans = new ViewSpans();
  try {
    for (const [place, link] of chain.entries()) {
      if (place > 0) backtest.continued(link.facts);
      // One session after the other: each goes on from what the one before it came to.
      // oxlint-disable-next-line no-await-in-loop
      const replayed = await replayOf({ ...setup, facts: link.facts });
      if (replayed === undefined) return undefined;
      try {
        const end = readLink(link, { options, backtest, spans, replayed });
        if (end === 'differs') return [];
        if (end === 'not there') return undefined;
        if (end === 'over') break;
      } finally {
        // oxlint-disable-next-line no-await-in-loop
        await replayed.dispose();
      }
    }
    return spans.all;
  } finally {
    await backtest.dispose();
  }
}

/** Undefined where what a session was made from is gone. */
async function replayOf(options: ReplaySetupOptions): Promise<ReplaySetup | undefined> {
  try {
    return await prepareReplay(options);
  } catch (error) {
    if (isTradingError(error)) return undefined;
    throw error;
  }
}

interface LinkParts {
  readonly options: ViewsOptions;
  readonly backtest: ParityBacktest;
  readonly spans: ViewSpans;
  readonly replayed: ReplaySetup;
}

/** How the replay of a session ended: with it, with the period, or before. */
type LinkEnd = 'whole' | 'over' | 'differs' | 'not there';

function readLink({ segments }: ChainLink, { options, backtest, spans, replayed }: LinkParts): LinkEnd {
  const { reader, to = Number.POSITIVE_INFINITY } = options;
  const replay = new Replay(replayed.assembly, replayed);
  const after = (segments[0]?.first ?? 1) - 1;
  if (after > 0 && !restore(replay, after, { reader, segments })) return 'not there';
  const session = replayed.assembly.kernel;
  for (const segment of segments) {
    for (const numbered of reader.records(segment)) {
      const { record } = numbered;
      if (rowAt(record) >= to) return 'over';
      replay.take(numbered);
      if (replay.difference !== undefined) return 'differs';
      backtest.take(record);
      // With a row both sides have come to the same instant.
      if (!Number.isNaN(rowAt(record))) spans.compare(session, backtest.assembly.kernel);
    }
  }
  return 'whole';
}

function restore(
  replay: Replay,
  after: number,
  { reader, segments }: { readonly reader: JournalReader; readonly segments: readonly SegmentLine[] },
): boolean {
  const found = reader.snapshotAfter(segments, after);
  if (found === undefined) return false;
  replay.restore(found);
  return replay.difference === undefined;
}

/** Instant of a row of the market; NaN of anything else. */
function rowAt(record: JournalRecord): EpochMs {
  if (record.kind === 'tick') return record.isForKernel ? record.tick.at : Number.NaN;
  return record.kind === 'event' && record.event.kind === 'bar' ? record.event.at : Number.NaN;
}

/** Collects spans: strategies of both sides are compared after each of their bars. */
class ViewSpans {
  readonly all: ViewSpan[] = [];
  readonly #open = new Map<string, ViewSpan>();
  readonly #sameAt = new Map<string, EpochMs>();
  readonly #closes = new Map<string, readonly EpochMs[]>();

  compare(session: Kernel, backtest: Kernel): void {
    for (const mine of session.parts.signals.runners) {
      const other = backtest.parts.signals.runners.find(({ name }) => name === mine.name);
      if (other === undefined) continue;
      const closes = [mine, other].flatMap(closesOf);
      const before = this.#closes.get(mine.name) ?? [];
      if (isDeepStrictEqual(before, closes)) continue;
      this.#closes.set(mine.name, closes);
      const at = backtest.now;
      const newest = latestOf(closes);
      // No bar has closed where a restart took some away.
      const closedAt = newest > latestOf(before) ? newest : at;
      const both = [
        { runner: mine, kernel: session },
        { runner: other, kernel: backtest },
      ] as const;
      // Bars and features of an instant are there before anybody decides; what a strategy remembers of it, afterwards.
      this.#note(mine.name, { what: 'bars or features', isSame: isSame(both, seenBy), at: closedAt });
      this.#note(mine.name, { what: 'state', isSame: isSame(both, stateOf), at });
      this.#note(mine.name, { what: 'last answers', isSame: isSame(both, answersOf), at });
    }
  }

  #note(
    strategy: string,
    { what, isSame: same, at }: { readonly what: ViewSpan['what']; readonly isSame: boolean; readonly at: EpochMs },
  ): void {
    const key = `${what} ${strategy}`;
    const open = this.#open.get(key);
    if (same) {
      this.#sameAt.set(key, at);
      if (open !== undefined) open.to = at;
      this.#open.delete(key);
    } else if (open === undefined) {
      const after = this.#sameAt.get(key) ?? at;
      const made = { strategy, what, after, from: at, to: Number.POSITIVE_INFINITY };
      this.all.push(made);
      this.#open.set(key, made);
    }
  }
}

interface Side {
  readonly runner: StrategyRunner;
  readonly kernel: Kernel;
}

function isSame([a, b]: readonly [Side, Side], of: (side: Side) => unknown): boolean {
  return isDeepStrictEqual(of(a), of(b));
}

function closesOf({ consumers }: StrategyRunner): readonly EpochMs[] {
  return consumers.flat().map(({ closedAt }) => closedAt);
}

/** NaN counts for nothing. */
function latestOf(instants: readonly EpochMs[]): EpochMs {
  return Math.max(...instants.filter(Number.isFinite), Number.NEGATIVE_INFINITY);
}

/** The bars a strategy needs, and its features. */
function seenBy({ runner, kernel }: Side): unknown {
  const { banks, sizerBanks } = runner.save();
  const bars = runner.setup.streams.flat().map((stream) => {
    const window = kernel.parts.market.streams[stream]?.window;
    return Array.from({ length: window === undefined ? 0 : Math.min(window.length, runner.warmupBars) }, (_, ago) => [
      ...[window?.ts(ago), window?.open(ago), window?.high(ago), window?.low(ago), window?.close(ago)],
      window?.volume(ago),
    ]);
  });
  return { banks, sizerBanks, bars, isWarm: runner.isWarm };
}

/** What it answered last, as long as that counts: the same once more is nothing new. */
function answersOf({ runner }: Side): unknown {
  return runner.slots.map(({ measure, wish }) => ({ measure, wish }));
}

function stateOf({ runner }: Side): unknown {
  const { state, status } = runner.save();
  return { state, status };
}
