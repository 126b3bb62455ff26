// The gateway's daily restart, as one script: everything a client has to live through between 23:45 and the next morning.
import type { Connectivity } from './connectivity.js';
import type { Timers } from './timers.js';

/** How a restart goes; each has the values that were seen. */
export interface DailyRestart {
  /** How long connections are refused. Default 90 s. */
  readonly downMs?: number;
  /** How often a client that comes back is told 326. Default 1. */
  readonly clientIdRefusals?: number;
  /** How many order ids the gateway has forgotten, of those handed out last. Default 0. */
  readonly forgottenIds?: number;
  /** Between the farm notices and the lost lines that follow once the port is open. Default 5 s. */
  readonly stepMs?: number;
  /** How often 1100 is said. Default 5. */
  readonly upstreamLosses?: number;
  /** Whether the line comes back with 1101 instead of 1102. */
  readonly isDataLost?: boolean;
}

/** What the script moves. */
export interface RestartStage {
  readonly timers: Timers;
  readonly connectivity: Connectivity;
  resetAll(): void;
  refuse(forMs: number): Promise<void>;
  refuseClientIds(times: number): void;
  rollBackIds(count: number): void;
  /** Resolves true once a client has started its session, false if the simulator was closed before. */
  untilClient(): Promise<boolean>;
}

/** Runs it: reset, refused, 326, handshake, farms that flap, 1100 again and again, 1102. Resolves at its end, or at the close. */
export async function runDailyRestart(stage: RestartStage, options: DailyRestart): Promise<void> {
  const { downMs = 90_000, clientIdRefusals = 1, forgottenIds = 0, stepMs = 5000, upstreamLosses = 5 } = options;
  const { connectivity, timers } = stage;
  stage.resetAll();
  if (clientIdRefusals > 0) stage.refuseClientIds(clientIdRefusals);
  if (forgottenIds > 0) stage.rollBackIds(forgottenIds);
  await stage.refuse(downMs);
  if (!(await stage.untilClient())) return;
  const steps: readonly (() => void)[] = [
    () => connectivity.breakFarm('market-data', 'usfarm'),
    () => connectivity.mendFarm('market-data', 'usfarm'),
    () => connectivity.breakFarm('history', 'ushmds'),
    () => connectivity.mendFarm('history', 'ushmds'),
    ...Array.from({ length: upstreamLosses }, () => () => connectivity.loseUpstream()),
    () => connectivity.restoreUpstream({ isDataLost: options.isDataLost ?? false }),
  ];
  for (const step of steps) {
    if (!(await timers.sleep(stepMs))) return;
    step();
  }
}
