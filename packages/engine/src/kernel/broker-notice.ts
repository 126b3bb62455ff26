import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { KernelEvent } from './event.js';

/** States of a session that nobody has to look at. */
const CALM: ReadonlySet<string> = new Set(['ready', 'connecting', 'planned-outage']);

/** What people are told of a broker's session or account. */
export function brokerNotice(
  event: Extract<KernelEvent, { kind: 'venue-status' | 'account' }>,
  at: EpochMs,
  isOutage = false,
): EngineNotice {
  if (event.kind === 'account') {
    const { account } = event;
    return {
      ts: at,
      level: 'info',
      code: 'ACCOUNT_STATE',
      message: `Account ${account.account}: equity ${account.equity} ${account.currency}.`,
      details: { ...account },
    };
  }
  const { status } = event;
  const isExpected = CALM.has(status.state) || (isOutage && status.state !== 'failed');
  const level = isExpected ? 'info' : 'warning';
  return {
    ts: at,
    level,
    code: 'VENUE_STATUS',
    message: `Venue ${status.venue} is ${status.state}. ${status.message}`.trimEnd(),
    details: { ...status },
  };
}
