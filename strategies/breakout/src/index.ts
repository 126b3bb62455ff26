import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { breakout } from './breakout.js';

export { breakout } from './breakout.js';

/** Channel breakout as a plugin. */
export default definePlugin({ id: 'breakout', apiVersion: API_VERSION, strategies: { breakout } });
