// One call to a broker's plugin, with a time limit. Whatever it does, there is an outcome.
import type { Clock, SubmitOutcome } from '@bookrunner/sdk';
import { messageOf } from '../../execution/message-of.js';

/** What {@link callBroker} takes. */
export interface BrokerCall {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly call: () => Promise<SubmitOutcome>;
  /** Called once; again only where an outcome that was unknown by its time limit turned out to be `refused`. */
  readonly settle: (outcome: SubmitOutcome) => void;
}

/** A refusal is honest only where the plugin says so: a rejected promise, a throw and silence are unknown. */
export function callBroker({ clock, limitMs, call, settle }: BrokerCall): void {
  let isLate = false;
  const cancel = clock.callAt(clock.nowUtc() + limitMs, () => {
    isLate = true;
    settle(unknown('BROKER_CALL_LATE', `The broker's plugin did not answer within ${limitMs} ms.`));
  });
  const onOutcome = (outcome: SubmitOutcome): void => {
    cancel();
    if (!isLate || outcome.kind === 'refused') settle(outcome);
  };
  const onFault = (cause: unknown): void =>
    onOutcome(unknown('BROKER_CALL_FAILED', `The broker's plugin failed: ${messageOf(cause)}`));
  try {
    call().then(
      (outcome) => onOutcome(isOutcome(outcome) ? outcome : unknown('BROKER_CALL_FAILED', 'It said nothing.')),
      onFault,
    );
  } catch (cause) {
    onFault(cause);
  }
}

function isOutcome(value: unknown): value is SubmitOutcome {
  const kind = (value as { readonly kind?: unknown } | null | undefined)?.kind;
  return kind === 'sent' || kind === 'refused' || kind === 'unknown';
}

function unknown(reason: string, message: string): SubmitOutcome {
  return { kind: 'unknown', reason, message };
}
