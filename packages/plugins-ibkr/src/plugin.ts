import { API_VERSION, definePlugin } from '@bookrunner/sdk';

/** Interactive Brokers as a plugin. Listing it connects to nothing and does not load the TWS library. */
export default definePlugin({ id: 'ibkr', apiVersion: API_VERSION });
