// The gate of a broker: shut while it is away or has not said what is there, and what happens when it opens.
import type { EngineNotice, EpochMs, VenueStatus } from '@bookrunner/sdk';
import type { Execution } from '../execution/execution.js';
import { HOLD } from '../execution/hold.js';
import type { SignalStage } from '../signals/signal-stage.js';
import type { BrokerWatch } from './broker-watch.js';

/** What the gate works with. */
export interface GateParts {
  readonly execution: Execution;
  readonly signals: SignalStage;
  readonly notify: (notice: EngineNotice) => void;
}

/** Nothing is sent, and no strategy asked. */
export function shutGate({ slots, runners }: BrokerWatch): void {
  for (const slot of slots) slot.holds |= HOLD.gate;
  for (const runner of runners) runner.shut();
}

/** What it answers is not about these accounts: nothing is sent before it is. */
export function doubtBroker(watch: BrokerWatch, at: EpochMs): void {
  if (watch.state !== 'ready') return;
  watch.awaySince = at;
  watch.state = 'asking';
  shutGate(watch);
}

/** Its session is gone. */
export function leaveBroker(
  { notify }: GateParts,
  watch: BrokerWatch,
  { status: { state, message }, at }: { readonly status: VenueStatus; readonly at: EpochMs },
): void {
  if (watch.state === 'ready') watch.awaySince = at;
  watch.state = 'away';
  watch.isAsked = false;
  watch.failures = 0;
  shutGate(watch);
  notify({
    ts: at,
    level: watch.isOutage || state === 'planned-outage' ? 'info' : 'warning',
    code: 'BROKER_AWAY',
    message:
      `Venue ${watch.venue}: nothing is sent and no strategy asked until it has said what is there. ${message}`.trimEnd(),
    details: { venue: watch.venue },
  });
}

/** The broker has said what is there. */
export function openGate({ execution, signals, notify }: GateParts, watch: BrokerWatch, at: EpochMs): void {
  watch.state = 'ready';
  const { awaySince } = watch;
  watch.awaySince = Number.NaN;
  for (const runner of watch.runners) {
    runner.isGated = false;
    const isLong = at - awaySince > runner.setup.definition.gapToleranceMs;
    if (isLong) signals.reset(runner, { from: awaySince, to: at, reason: 'BROKER_AWAY' });
  }
  // What was executed meanwhile is protected now; anything else waits for an answer.
  for (const slot of watch.slots) {
    slot.holds &= ~HOLD.gate;
    slot.isSettled = false;
    // Protection that was refused for want of a session is tried again in this one.
    slot.isProtectionRefused = false;
    execution.evaluate(slot);
  }
  notify({
    ts: at,
    level: 'info',
    code: 'BROKER_READY',
    message: `Venue ${watch.venue} has said what is there: strategies are asked again.`,
    details: { venue: watch.venue },
  });
}
