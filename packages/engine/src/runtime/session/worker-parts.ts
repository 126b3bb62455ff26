// Which feeds and brokers a run is made of.
import type { Feed } from '@bookrunner/sdk';
import type { EngineComposition } from '../../composition-root.js';
import type { LastTerms } from '../../journal/last-terms.js';
import type { InstrumentTerms } from '../brokers/broker-instruments.js';
import { requireBrokers } from '../brokers/broker-setup.js';
import { Brokers } from '../brokers/brokers.js';
import { AwayParts } from '../live/away-parts.js';
import { liveError } from '../live/live-errors.js';
import { feedBySymbol, isRecorded } from '../run-data.js';
import { runtimeError } from '../runtime-errors.js';
import type { JournalOpener } from './worker-journal.js';

/** Feeds that strategies use, and the first of them for currency rates. */
export function feedsInUse({ prepared, parts }: EngineComposition): ReadonlyMap<string, Feed> {
  if (prepared.strategies.size === 0) throw runtimeError('RUN_WITHOUT_STRATEGIES', 'No strategy is declared.');
  const used = new Set(feedBySymbol(prepared).values());
  return new Map([...parts.feeds].filter(([name]) => used.has(name)));
}

/** Errors: BROKER_NONE, LIVE_FEED_RECORDED. */
export function brokersOf({ prepared, parts, clock, log }: EngineComposition, feeds: readonly Feed[]): Brokers {
  const brokers = requireBrokers(prepared.config);
  if (feeds.some((feed) => isRecorded(feed))) {
    throw liveError('LIVE_FEED_RECORDED', 'Orders at brokers cannot follow recorded data.');
  }
  return new Brokers({ brokers, venues: parts.venues, config: prepared.config, clock, log });
}

/** What brokers said of instruments before a run of theirs; or why that is not known. Errors: JOURNAL_RESTART_CHANGED. */
export function lastTermsOf({
  isFresh,
  brokers,
  openJournal,
}: {
  readonly isFresh: boolean;
  readonly brokers: Brokers | undefined;
  readonly openJournal: JournalOpener | undefined;
}): LastTerms {
  if (isFresh) return { why: 'The session is to begin flat.' };
  return brokers === undefined || openJournal === undefined ? { why: '' } : openJournal.lastTerms();
}

/** A run that goes on from another, whose terms these are, begins with the brokers that are there; undefined where it needs all. */
export function awayParts(
  { prepared, clock }: EngineComposition,
  {
    feeds,
    brokers,
    terms,
  }: {
    readonly feeds: ReadonlyMap<string, Feed>;
    readonly brokers: Brokers | undefined;
    readonly terms: ReadonlyMap<string, InstrumentTerms> | undefined;
  },
): AwayParts | undefined {
  if (brokers === undefined || terms === undefined) return undefined;
  return new AwayParts({
    clock,
    feeds,
    lines: brokers.lines,
    terms,
    mask: (text) => prepared.config.source.mask(text),
  });
}
