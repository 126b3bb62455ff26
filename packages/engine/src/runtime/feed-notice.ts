import type { EngineNotice, FeedStatus } from '@bookrunner/sdk';

/** What a person is told of a feed. */
export function feedNotice(status: FeedStatus): EngineNotice {
  const { ts, feed, symbol, state, message } = status;
  const isWell = state === 'live' || state === 'delayed' || state === 'ended';
  const of = symbol === undefined ? '' : `, ${symbol}`;
  return {
    ts,
    level: isWell ? 'info' : state === 'failed' ? 'alarm' : 'warning',
    code: 'FEED_STATUS',
    message: `Feed '${feed}'${of} is ${state}. ${message}`.trimEnd(),
    details: { ...status },
  };
}
