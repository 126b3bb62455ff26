import type { EngineComposition } from '../../composition-root.js';
import { ReopenableVenue } from '../brokers/reopenable-venue.js';
import { isRecorded } from '../run-data.js';
import { ReopenableFeed } from './reopenable-feed.js';

/** The same engine, whose live feeds and venues can be opened again after they were closed or could not be opened. */
export function withReopenableParts(engine: EngineComposition): EngineComposition {
  const { parts, anew } = engine;
  const feeds = [...parts.feeds].map(([name, feed]) => {
    return [name, isRecorded(feed) ? feed : new ReopenableFeed(feed, () => anew.feed(name))] as const;
  });
  const venues = [...parts.venues].map(([name, venue]) => {
    return [name, new ReopenableVenue(venue, () => anew.venue(name))] as const;
  });
  return { ...engine, parts: { ...parts, feeds: new Map(feeds), venues: new Map(venues) } };
}
