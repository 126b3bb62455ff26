import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { MyControlSurface, myControlSurfaceOptions } from './my-control-surface.js';

export default definePlugin({
  id: 'my-control-surface',
  apiVersion: API_VERSION,
  controls: {
    'my-control-surface': {
      options: myControlSurfaceOptions,
      create: ({ options, clock }) =>
        // Standard output is the engine's: with --json it holds one document and nothing else.
        new MyControlSurface({ ...options, clock, input: process.stdin, output: process.stderr }),
    },
  },
});
