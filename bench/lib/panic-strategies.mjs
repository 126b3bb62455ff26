// Strategies of a session that is panicked: one with positions and resting orders, one that hangs for good.
import { existsSync, writeFileSync } from 'node:fs';
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';

/** Symbols that are held; in the others a bid rests far below the market. */
export const HELD = 5;

const many = defineStrategy({
  name: 'many',
  params: z.strictObject({}),
  warmup: () => 1,
  onBar({ symbols }) {
    const entry = { limit: 95, tif: 'GTC' };
    return Object.fromEntries(symbols.map((symbol, i) => [symbol, i < HELD ? { units: 10 } : { units: 10, entry }]));
  },
});

/** While the file is there it hangs whenever it is asked, and says so in another file first. */
const hang = defineStrategy({
  name: 'hang',
  params: z.strictObject({ file: z.string() }),
  warmup: () => 1,
  onBar({ params: { file } }) {
    if (!existsSync(file)) return 0;
    writeFileSync(`${file}-begun`, '');
    for (;;);
  },
});

// oxlint-disable-next-line import/no-default-export -- the entry module of a plugin
export default definePlugin({ id: 'panic-strategies', apiVersion: API_VERSION, strategies: { many, hang } });
