import type { EngineNotice, FeedStatus } from '@bookrunner/sdk';

/** What a person is told of a feed. */
export function feedNotice(status: FeedStatus): EngineNotice {
  const { ts, feed, symbol, state, reason, message } = status;
  // Delayed data is data, and orders follow it: nobody may learn of it from the log alone.
  const isWell = state === 'live' || state === 'ended';
  const of = symbol === undefined ? '' : `, ${symbol}`;
  return {
    ts,
    level: isWell ? 'info' : state === 'failed' ? 'alarm' : 'warning',
    code: 'FEED_STATUS',
    message: `Feed '${feed}'${of} is ${state}. ${reason === '' ? '' : `${reason}: `}${message}`.trimEnd(),
    details: { ...status },
  };
}
