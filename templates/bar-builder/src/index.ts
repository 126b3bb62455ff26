import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { MyBarBuilder, myBarBuilderOptions } from './my-bar-builder.js';

export default definePlugin({
  id: 'my-bar-builder',
  apiVersion: API_VERSION,
  barBuilders: {
    'my-bar-builder': {
      options: myBarBuilderOptions,
      create: (options, context) => new MyBarBuilder(options, context),
    },
  },
});
