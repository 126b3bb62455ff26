import { API_VERSION, definePlugin, type Plugin } from '@bookrunner/sdk';
import { barBuilders } from './bars/bar-builders.js';
import { catalogFeed } from './feeds/catalog-feed.js';
import { csvFeed } from './feeds/csv/csv-feed.js';
import { parquetFeed } from './feeds/parquet/parquet-feed.js';
import { syntheticFeed } from './feeds/synthetic/synthetic-feed.js';
import { riskPolicies } from './risk/risk-policies.js';
import { sizers } from './risk/sizers.js';
import { simulatedVenueContribution } from './simulated-venue/contribution.js';

/** What the engine itself contributes, as a plugin like any other. */
export const BUILT_IN_PLUGIN: Plugin = definePlugin({
  id: 'built-in',
  apiVersion: API_VERSION,
  feeds: { csv: csvFeed, parquet: parquetFeed, catalog: catalogFeed, synthetic: syntheticFeed },
  venues: { simulated: simulatedVenueContribution },
  barBuilders,
  sizers,
  riskPolicies,
});
