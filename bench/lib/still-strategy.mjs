// A strategy that is asked on every bar and stays flat.
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';

const still = defineStrategy({
  name: 'still',
  params: z.strictObject({}),
  warmup: () => 1,
  lookback: () => 1,
  onBar: () => 0,
});

// oxlint-disable-next-line import/no-default-export -- the entry module of a plugin
export default definePlugin({ id: 'still', apiVersion: API_VERSION, strategies: { still } });
