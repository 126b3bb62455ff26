import type { BarColumns } from '@bookrunner/sdk';

const REQUIRED = ['ts', 'open', 'high', 'low', 'close', 'volume'] as const;
const OPTIONAL = ['endTs', 'nTicks', 'vwap'] as const;

/** Blocks of bars as one; an optional column that some block lacks is NaN there. */
export function concatenatedBars(symbol: string, blocks: readonly BarColumns[]): BarColumns {
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  const joined = (name: keyof BarColumns): Float64Array => {
    const values = new Float64Array(length);
    let at = 0;
    for (const block of blocks) {
      const part = block[name] as Float64Array | undefined;
      if (part === undefined) values.fill(Number.NaN, at, at + block.length);
      else values.set(part.subarray(0, block.length), at);
      at += block.length;
    }
    return values;
  };
  const present = OPTIONAL.filter((name) => blocks.some((block) => block[name] !== undefined));
  const columns = Object.fromEntries([...REQUIRED, ...present].map((name) => [name, joined(name)]));
  return { symbol, length, ...(columns as Pick<BarColumns, (typeof REQUIRED)[number]>) };
}
