import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { myStrategy } from './my-strategy.js';

export { myStrategy } from './my-strategy.js';

export default definePlugin({ id: 'my-strategy', apiVersion: API_VERSION, strategies: { 'my-strategy': myStrategy } });
