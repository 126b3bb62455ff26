// Judgements made outside by wall clock: what each kind does in here.
import type { EngineNotice } from '@bookrunner/sdk';
import { OUTAGE } from '../execution/guards.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { KernelParts } from './build.js';
import type { GuardEvent } from './event.js';
import { skipNumbers } from './order-numbers.js';

/** What a guard event does, and tells. */
export function applyGuard(parts: KernelParts, event: GuardEvent): void {
  switch (event.guard) {
    case 'slow-strategy':
      return slowStrategy(parts, event);
    case 'clock-skew':
      return clockSkew(parts, event);
    case 'planned-outage':
      return plannedOutage(parts, event);
    case 'restored-data':
      return skipNumbers(parts, event);
    case 'stale-feed':
      return tell(parts, event, { level: 'alarm', code: 'GUARD' });
  }
}

/** Slow is told; far too slow is stopped like one that throws: entries are cancelled, protection stays, a person starts it again. */
function slowStrategy(parts: KernelParts, event: GuardEvent): void {
  if (event.stage === 'warning') return tell(parts, event, { level: 'warning', code: 'STRATEGY_SLOW' });
  const runner = parts.signals.runners.find(({ name }) => name === event.subject);
  if (runner !== undefined) parts.signals.stop(runner, event.at, 'failed', event.message);
  tell(parts, event, { level: 'alarm', code: 'STRATEGY_TOO_SLOW' });
}

/** Nothing is decided by the venue's clock; a person has to look at both. */
function clockSkew(parts: KernelParts, event: GuardEvent): void {
  tell(
    parts,
    event,
    event.stage === 'end' ? { level: 'info', code: 'CLOCK_AGREES' } : { level: 'alarm', code: 'CLOCK_SKEW' },
  );
}

/** No new risk at the venue from shortly before it until it is over; while it lasts, that the venue is away is expected. */
function plannedOutage(parts: KernelParts, event: GuardEvent): void {
  const { subject, stage, at, message } = event;
  const watch = parts.reconciler?.watches.find(({ venue }) => venue === subject);
  if (watch !== undefined) watch.isOutage = stage === 'begin';
  if (stage === 'late') return tell(parts, event, { level: 'alarm', code: 'OUTAGE_OVERRUN' });
  const isOver = stage === 'end';
  const books = parts.scopes.books.filter((_, index) => parts.portfolio.books[index]?.venue === subject);
  for (const scope of books) parts.guards.pause(scope, at, { reason: isOver ? '' : message, codes: OUTAGE });
  if (stage === 'begin') tell(parts, event, { level: 'info', code: 'OUTAGE_BEGUN' });
  for (const { view } of books) for (const slot of view.slots) setOutage(parts, slot, stage);
}

/** What the outage held back is looked at again: exits, new risk, and protection that was refused meanwhile. */
function setOutage({ execution }: KernelParts, slot: TargetSlot, stage: GuardEvent['stage']): void {
  const wasOut = slot.isVenueOut;
  slot.isVenueOut = stage === 'begin';
  if (stage === 'begin' || (stage !== 'end' && !wasOut)) return;
  slot.isProtectionRefused = false;
  slot.isReplaceRefused = false;
  slot.isExitHeld = false;
  slot.toldRefusals = [];
  execution.evaluate(slot);
}

function tell(parts: KernelParts, event: GuardEvent, what: Pick<EngineNotice, 'level' | 'code'>): void {
  const { at: ts, guard, subject, message } = event;
  parts.outbox.notify({ ts, ...what, message, details: { guard, subject } });
}
