// Names of bar lengths in the catalog's folders: `1m`, `1m-bid`, `tick-100`.
import type { BarSpec } from '@bookrunner/sdk';
import { formatTimeframe, parseTimeframe } from '../bars/timeframe.js';

const TIME_LABEL = /^(\d+[smhdw])(?:-(mid|bid|ask))?$/;

/**
 * The folder name of bars: the length of time bars (`1m`), with the price they were made of where that is not the last trade
 * (`1m-bid`); of other bars the builder's id and its options (`tick-100`).
 */
export function timeframeLabel(spec: BarSpec): string {
  const { seconds, timeframe, price = 'last', ...others } = spec.options;
  const suffix = price === 'last' ? '' : `-${String(price)}`;
  if (spec.use === 'time') {
    const length =
      typeof seconds === 'number' ? formatTimeframe(seconds) : typeof timeframe === 'string' ? timeframe : '1m';
    return `${length}${suffix}`;
  }
  const values = Object.keys(others)
    .filter((name) => name !== 'vwap')
    .sort()
    .map((name) => String(others[name]));
  return [spec.use, ...values].join('-').replaceAll(/[^A-Za-z0-9.-]/g, '_') + suffix;
}

/** The spec that a label of time bars stands for; undefined for other labels, whose spec only the manifest knows. */
export function specOfLabel(label: string): BarSpec | undefined {
  const match = TIME_LABEL.exec(label);
  if (match?.[1] === undefined) return undefined;
  const seconds = parseTimeframe(match[1]);
  return { use: 'time', options: { seconds, ...(match[2] === undefined ? {} : { price: match[2] }) } };
}
