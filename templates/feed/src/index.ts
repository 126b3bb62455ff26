import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { MY_FEED_CAPABILITIES, MyFeed, myFeedOptions } from './my-feed.js';

export default definePlugin({
  id: 'my-feed',
  apiVersion: API_VERSION,
  feeds: {
    'my-feed': {
      capabilities: MY_FEED_CAPABILITIES,
      options: myFeedOptions,
      create: ({ name, options, configDir }) => new MyFeed({ name, configDir, ...options }),
    },
  },
});
