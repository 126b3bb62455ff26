import { setTimeout as sleep } from 'node:timers/promises';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import type { Order, PluginContext } from '@bookrunner/sdk';
import {
  aCalendar,
  anInstrument,
  anOrder,
  FakeClock,
  RecordingFeedSink,
  RecordingVenueSink,
} from '@bookrunner/sdk/testing';
import type { BrokerOptions } from './broker/broker-options.js';
import { PracticeFeed } from './plugin/practice-feed.js';
import { practiceFeedOptions, practiceVenueOptions } from './plugin/practice-options.js';
import type { PracticeOptions, PracticeVenueOptions } from './plugin/practice-options.js';
import { PracticeVenue } from './plugin/practice-venue.js';
import { startPracticeBroker } from './server/start-practice-broker.js';
import type { PracticeBrokerHandle } from './server/start-practice-broker.js';

export const TEST = anInstrument();
export const OTHER = anInstrument({ symbol: 'OTHER' });
const MARKET = { moveSteps: 4, spreadSteps: 1 };

/** A broker whose markets wait for a quote, and a venue and a feed on sockets to it. Nothing is open yet but the broker. */
export interface Bench {
  readonly broker: PracticeBrokerHandle;
  readonly clock: FakeClock;
  readonly venue: PracticeVenue;
  readonly feed: PracticeFeed;
  readonly venueSink: RecordingVenueSink;
  readonly feedSink: RecordingFeedSink;
  /** Orders of the broker's account. */
  order(fields?: Partial<Order>): Order;
  /** Resolves when all the broker pushed has arrived, or the loss of the connection was noticed. */
  settle(): Promise<void>;
  /** Moves the clock over waits between attempts until the condition holds. */
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

export async function practiceBench(options: BrokerOptions = {}): Promise<Bench> {
  const clock = new FakeClock();
  const instruments = [TEST, OTHER];
  const markets = { TEST: MARKET, OTHER: MARKET };
  const broker = await startPracticeBroker({ instruments, markets, tickEveryMs: 0, ...options, clock });
  const context = { name: 'practice', clock, logger: SILENT_LOGGER, configDir: '.', dataDir: '.' };
  const common = { ...context, instruments: new Map(), calendar: () => aCalendar([]) };
  const { port } = broker;
  const venueContext: PluginContext<PracticeVenueOptions> = {
    ...common,
    options: practiceVenueOptions.parse({ port }),
  };
  const feedContext: PluginContext<PracticeOptions> = { ...common, options: practiceFeedOptions.parse({ port }) };
  const venue = new PracticeVenue(venueContext);
  const feed = new PracticeFeed(feedContext);
  const settle = async (): Promise<void> => {
    // What a cut socket still has to say comes within a few turns of the loop; a round trip then follows all that was pushed.
    await sleep(5);
    await venue.snapshot().catch(() => undefined);
    await feed.resolve(TEST).catch(() => undefined);
  };
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await condition())) {
      clock.advance(100);
      await sleep(1);
    }
  };
  return {
    ...{ broker, clock, venue, feed, settle, until },
    venueSink: new RecordingVenueSink(),
    feedSink: new RecordingFeedSink(),
    order: (fields) => anOrder({ account: 'practice', createdTs: clock.nowUtc(), ...fields }),
    close: async () => {
      await venue.close();
      await feed.close();
      await broker.close();
    },
  };
}
