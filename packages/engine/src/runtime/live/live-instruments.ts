// What a live run trades, as its feeds and brokers have it.
import type { Feed, Instrument } from '@bookrunner/sdk';
import type { EngineComposition } from '../../composition-root.js';
import { feedOfSymbols } from '../feed-of-symbols.js';
import type { AwayParts } from './away-parts.js';
import type { LiveBrokers } from './live-brokers.js';
import { ANSWER_TIMEOUT_MS, askFeed } from './live-feeds.js';
import type { LiveInstrument } from './live-warmup.js';

/** Who is asked. */
export interface LiveInstrumentsSetup {
  readonly engine: EngineComposition;
  readonly signal: AbortSignal;
  readonly away?: AwayParts | undefined;
  readonly brokers?: LiveBrokers | undefined;
}

/** Asks each feed whether it has its instruments, and each broker how it trades them. Errors: those of both. */
export async function findInstruments(setup: LiveInstrumentsSetup): Promise<readonly LiveInstrument[]> {
  const { engine, brokers } = setup;
  const found: LiveInstrument[] = [];
  for (const [symbol, feedName] of feedOfSymbols(engine)) {
    const declared = engine.prepared.config.instruments[symbol] as Instrument;
    const feed = engine.parts.feeds.get(feedName) as Feed;
    await ask({ feedName, feed, instrument: declared }, setup);
    const { instrument, terms } = (await brokers?.resolve(declared)) ?? { instrument: declared, terms: {} };
    const calendar = engine.calendar(instrument.calendar);
    found.push({ instrument, terms, index: found.length, feedName, feed, calendar });
  }
  return found;
}

/** Where the feed is away it is asked when it joins. */
async function ask(
  asked: Pick<LiveInstrument, 'feedName' | 'feed' | 'instrument'>,
  { engine, signal, away }: LiveInstrumentsSetup,
): Promise<void> {
  const part = { kind: 'feed', name: asked.feedName } as const;
  if (away?.isAway(part) === true) return;
  try {
    const limitMs = away?.answerMs(part, ANSWER_TIMEOUT_MS) ?? ANSWER_TIMEOUT_MS;
    await askFeed(asked, { clock: engine.clock, stop: signal, limitMs });
  } catch (error) {
    if (away?.take(part, error) !== true) throw error;
  }
}
