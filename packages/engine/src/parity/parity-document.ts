import type { ExplainedDifference } from './explained-difference.js';
import { orderOfPair } from './match-orders.js';
import type { ParityResult } from './parity-result.js';

/** The comparison as one JSON document: instants in UTC milliseconds, money in the currency it stands beside. */
export function parityDocument({ differences, curve: _curve, ...rest }: ParityResult): object {
  const unexplained = rest.causes.find(({ cause }) => cause === 'unexplained')?.count ?? 0;
  return { ...rest, unexplained, differences: differences.map(differenceDocument) };
}

function differenceDocument(difference: ExplainedDifference): object {
  const { pair, slippageBps, follows, ...rest } = difference;
  const { side, purpose } = orderOfPair(pair);
  return {
    ...rest,
    ...{ side, purpose, follows: follows === 0 ? null : follows },
    slippageBps: Number.isNaN(slippageBps) ? null : slippageBps,
    orders: { session: pair.session?.sequence ?? null, backtest: pair.backtest?.sequence ?? null },
  };
}
