// How the contract suite drives this plugin: `bookrunner plugins check` reads this entry, and so does the test.
import { anInstrument, FakeClock } from '@bookrunner/sdk/testing';
import type { ContractFixtures, VenueFixture } from '@bookrunner/sdk/testing';
import { MemoryBroker } from './memory-broker.js';
import { MyVenue } from './my-venue.js';

function createFixture(): VenueFixture {
  const instrument = anInstrument();
  const clock = new FakeClock();
  const broker = new MemoryBroker([instrument.symbol]);
  return {
    venue: new MyVenue({ name: 'my-venue', account: 'main', clock, broker }),
    instrument,
    account: 'main',
    market: { quote: (symbol, bid, ask) => broker.quote(symbol, bid, ask) },
    clock,
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

export const contractFixtures: ContractFixtures = { venues: { 'my-venue': { create: createFixture } } };
