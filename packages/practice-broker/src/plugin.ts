import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { PRACTICE_FEED_CAPABILITIES, PracticeFeed } from './plugin/practice-feed.js';
import { practiceFeedOptions, practiceVenueOptions } from './plugin/practice-options.js';
import { PRACTICE_MARGIN_CAPABILITIES, PRACTICE_VENUE_CAPABILITIES, PracticeVenue } from './plugin/practice-venue.js';

/** The practice broker as a plugin. */
export default definePlugin({
  id: 'practice',
  apiVersion: API_VERSION,
  feeds: {
    practice: {
      capabilities: PRACTICE_FEED_CAPABILITIES,
      options: practiceFeedOptions,
      create: (context) => new PracticeFeed(context),
    },
  },
  venues: {
    practice: {
      capabilities: PRACTICE_VENUE_CAPABILITIES,
      options: practiceVenueOptions,
      create: (context) => new PracticeVenue(context),
    },
    'practice-margin': {
      capabilities: PRACTICE_MARGIN_CAPABILITIES,
      options: practiceVenueOptions,
      create: (context) => new PracticeVenue(context, PRACTICE_MARGIN_CAPABILITIES),
    },
  },
});
