import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { meanReversion } from './mean-reversion.js';

export { meanReversion } from './mean-reversion.js';

/** Mean reversion by z-score as a plugin. */
export default definePlugin({
  id: 'mean-reversion',
  apiVersion: API_VERSION,
  strategies: { 'mean-reversion': meanReversion },
});
