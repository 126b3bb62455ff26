import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { MemoryBroker } from './memory-broker.js';
import { MY_VENUE_CAPABILITIES, MyVenue, myVenueOptions } from './my-venue.js';

export default definePlugin({
  id: 'my-venue',
  apiVersion: API_VERSION,
  venues: {
    'my-venue': {
      capabilities: MY_VENUE_CAPABILITIES,
      options: myVenueOptions,
      // Put the broker's own client in the place of the one in memory, and take `simulated` out of the capabilities.
      create: ({ name, options, clock, instruments }) =>
        new MyVenue({ name, account: options.account, clock, broker: new MemoryBroker([...instruments.keys()]) }),
    },
  },
});
