// Makes the channel of one live feed: where its rows go, when they count as stale, what fills their gaps.
import type { Clock, EngineNotice, EpochMs, FeedStatus } from '@bookrunner/sdk';
import type { EngineComposition } from '../../composition-root.js';
import type { RunResult } from '../../report/run-result.js';
import type { Assembly } from '../assemble.js';
import { LiveBackfill, type LiveBackfillOptions } from './live-backfill.js';
import { BackfillLine } from './live-backfill-line.js';
import { type ChannelInstrument, LiveChannel } from './live-channel.js';
import { LiveHistory } from './live-history.js';
import type { BarPlace, LiveMarket } from './live-market.js';
import { LivePast } from './live-past.js';
import { QUEUE_ROWS, queueFull } from './live-queue.js';
import { staleLimits, StaleWatch } from './live-stale.js';
import type { LiveInstrument } from './live-warmup.js';
import type { Turns } from './pace-turns.js';

/** Least ticks, and least bars, of one symbol that may wait. */
const QUEUE_LEAST = 1_000;

/** What the channels of a run share. */
export interface LiveChannelParts {
  readonly engine: Pick<EngineComposition, 'prepared'> & { readonly clock: Clock };
  readonly assembly: Assembly;
  readonly market: LiveMarket;
  readonly turns: Turns;
  readonly onState: (status: FeedStatus) => void;
  readonly onNotice: (notice: EngineNotice) => void;
  readonly onFault: (error: unknown) => void;
}

/** The channel of a feed and its instruments. */
export function makeChannel(name: string, members: readonly LiveInstrument[], parts: LiveChannelParts): LiveChannel {
  const { engine, market, onState, onFault } = parts;
  const { clock, prepared } = engine;
  const limits = staleLimits(prepared.risk.options);
  const instruments = members.map((live): ChannelInstrument => {
    const bars = placeOf(live, parts.assembly);
    const { calendar, instrument } = live;
    const limit = limits.instruments[instrument.symbol];
    if (limit === undefined) return { ...live, bars };
    const limitMs = limit + (bars?.barMs ?? 0);
    return { ...live, bars, stale: new StaleWatch({ calendars: [calendar], limitMs, from: clock.nowUtc() }) };
  });
  // A feed of bars speaks once a bar.
  const longest = Math.max(0, ...instruments.map(({ bars }) => bars?.barMs ?? 0));
  const stale = new StaleWatch({
    calendars: [...new Set(members.map(({ calendar }) => calendar))],
    limitMs: limits.feedMs + longest,
    from: clock.nowUtc(),
  });
  const mask = (text: string): string => prepared.config.source.mask(text);
  const fillable = members.filter((live) => isFillable(live, parts.assembly));
  const bare = members.filter((live) => !fillable.includes(live)).map(({ instrument }) => instrument.symbol);
  const backfill = makeBackfill({ feed: name, fillable, others: bare }, { ...parts, mask });
  return new LiveChannel({ name, instruments, market, clock, stale, bare, backfill, mask, onState, onFault });
}

/** Symbols of an instrument whose gaps history can fill. */
export function isFillable(live: LiveInstrument, assembly: Assembly): boolean {
  return new LiveHistory(live, assembly).isThere;
}

function makeBackfill(
  {
    feed,
    fillable,
    others,
  }: Pick<LiveBackfillOptions, 'feed' | 'others'> & { readonly fillable: readonly LiveInstrument[] },
  parts: LiveChannelParts & { readonly mask: (text: string) => string },
): LiveBackfill | undefined {
  const { engine, assembly, market, turns, mask, onNotice, onFault } = parts;
  const { clock, prepared } = engine;
  if (fillable.length === 0) return undefined;
  const queueRows = Math.max(QUEUE_LEAST, Math.floor(QUEUE_ROWS / fillable.length));
  const kernelMarket = assembly.kernel.parts.market;
  const lines = fillable.map((live) => {
    const past = new LivePast({ live, place: placeOf(live, assembly), kernelMarket, market, turns });
    const history = new LiveHistory(live, assembly);
    const { symbol } = live.instrument;
    const onFull = (): void => onNotice(queueFull(feed, symbol, clock.nowUtc()));
    return new BackfillLine({ symbol, history, past, clock, queueRows, onFull });
  });
  const { limitMs } = prepared.config.engine.history;
  return new LiveBackfill({ feed, lines, others, market, clock, limitMs, mask, onNotice, onFault });
}

/** Where its ready bars go; undefined where it is fed ticks. */
function placeOf(live: LiveInstrument, { plan }: Assembly): BarPlace | undefined {
  const streamIndex = plan.feedStream(live.index);
  if (streamIndex < 0) return undefined;
  return { instrumentIndex: live.index, streamIndex, barMs: plan.streams[streamIndex]?.barMs ?? Number.NaN };
}

/** What each feed gave of each instrument, for the result of a run. */
export function sourcesOf(channels: readonly LiveChannel[], from: EpochMs, to: EpochMs): RunResult['sources'] {
  return channels.flatMap((channel) =>
    channel.received().map(({ symbol, rows, firstAt }) => ({
      source: `feed ${channel.name}`,
      symbol,
      rows,
      rejected: channel.counts.rejected,
      from: Number.isNaN(firstAt) ? from : firstAt,
      to,
    })),
  );
}
