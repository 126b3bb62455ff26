// Strategies that a session goes on with and nobody asks: a stop, a failure or a loss outlives sessions, so each start says so.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { Kernel } from '../../kernel/kernel.js';
import type { StrategyRunner } from '../../signals/strategy-runner.js';
import { openPositions, protectionText } from '../open-positions.js';

/** One warning for each strategy that is off: why, what it holds and whether that is protected, and how it is started. */
export function strategiesOff(kernel: Kernel, ts: EpochMs): readonly EngineNotice[] {
  return kernel.parts.signals.runners
    .filter(({ status }) => status !== 'running')
    .map((runner) => offNotice(kernel, runner, ts));
}

function offNotice(kernel: Kernel, { name, status, statusReason }: StrategyRunner, ts: EpochMs): EngineNotice {
  const positions = openPositions(kernel).filter(({ strategy }) => strategy === name);
  const held = positions.map(protectionText).join('; ');
  const why = statusReason.replace(/\.$/, '');
  const message =
    `Strategy '${name}' is off (${status}: ${why}) and is asked nothing. ` +
    `It holds ${held === '' ? 'nothing' : held}. \`start name=${name}\` at a control surface starts it; --resume does not.`;
  return { ts, level: 'warning', code: 'STRATEGY_OFF', message, details: { strategy: name, status, positions } };
}
