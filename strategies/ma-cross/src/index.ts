import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { maCross } from './ma-cross.js';

export { maCross } from './ma-cross.js';

/** The moving-average flip as a plugin. */
export default definePlugin({ id: 'ma-cross', apiVersion: API_VERSION, strategies: { 'ma-cross': maCross } });
