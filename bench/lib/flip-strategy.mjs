// A strategy with an order on every bar, for the way from a tick to its order.
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';

const flip = defineStrategy({
  name: 'flip',
  params: z.strictObject({}),
  state: () => ({ side: -1 }),
  warmup: () => 1,
  lookback: () => 1,
  onBar({ state }) {
    state.side = -state.side;
    return state.side;
  },
});

// oxlint-disable-next-line import/no-default-export -- the entry module of a plugin
export default definePlugin({ id: 'flip', apiVersion: API_VERSION, strategies: { flip } });
