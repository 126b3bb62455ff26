// What a live feed's data is for each instrument, and what its history can give.
import type { BarSpec, Feed, Instrument } from '@bookrunner/sdk';
import type { PreparedEngine } from '../../plugins/index.js';
import { runtimeError } from '../runtime-errors.js';
import type { SourceKind } from '../stream-plan.js';

/** Ticks where the feed has them; else the longest of its ready bars that all wanted bars are multiples of. Errors: RUN_BARS_NOT_AVAILABLE. */
export function liveSource(prepared: PreparedEngine, feed: Feed, instrument: Instrument): SourceKind {
  const { quotes, trades, barSeconds } = feed.capabilities;
  if (quotes === true || trades === true) return {};
  const wanted = wantedSeconds(prepared, instrument.symbol);
  const ready = (barSeconds ?? []).filter((seconds) => wanted.every((want) => want.seconds % seconds === 0));
  const [first] = wanted;
  if (ready.length > 0) return { spec: timeSpec(Math.max(...ready), first?.price) };
  // An empty list means whatever is asked for; what only converts currencies asks for nothing.
  if (barSeconds?.length === 0) return { spec: timeSpec(shared(wanted) || 60, first?.price) };
  throw runtimeError(
    'RUN_BARS_NOT_AVAILABLE',
    `Bars of ${wanted.map((want) => want.seconds).join(', ')} seconds of ${instrument.symbol} cannot be made from what the feed delivers: bars of ${(barSeconds ?? []).join(', ')} seconds.`,
    { details: { symbol: instrument.symbol } },
  );
}

interface WantedBars {
  readonly seconds: number;
  readonly price: unknown;
}

function wantedSeconds(prepared: PreparedEngine, symbol: string): readonly WantedBars[] {
  return [...prepared.strategies.values()]
    .filter((strategy) => strategy.config.symbols.includes(symbol))
    .flatMap((strategy) => strategy.bars)
    .map((use) => use.options as { readonly seconds?: number; readonly price?: unknown })
    .flatMap(({ seconds, price }) => (seconds === undefined ? [] : [{ seconds, price }]));
}

function timeSpec(seconds: number, price: unknown): BarSpec {
  return { use: 'time', options: price === undefined ? { seconds } : { seconds, price } };
}

/** The greatest length that divides them all. */
function shared(wanted: readonly WantedBars[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return wanted.reduce((length, { seconds }) => divisor(length, seconds), 0);
}
