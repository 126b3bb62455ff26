// What a live run comes to at its end.
import type { EpochMs } from '@bookrunner/sdk';
import type { EngineComposition } from '../../composition-root.js';
import { effectiveConfigYaml } from '../../config/index.js';
import type { RunResult } from '../../report/run-result.js';
import type { Assembly } from '../assemble.js';
import { makeRunResult } from '../run-result.js';
import type { WorkerData } from '../session/paper-messages.js';
import { strategyHashes } from '../strategy-hash.js';
import type { LiveChannel } from './live-channel.js';
import { sourcesOf } from './live-channels.js';
import { irregularText } from './live-screen.js';

/** What the run was. */
export interface LiveResultParts {
  readonly data: WorkerData;
  readonly engine: EngineComposition;
  readonly channels: readonly LiveChannel[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly elapsedMs: number;
}

/** The result of a run that is over. */
export function liveResult(assembly: Assembly, parts: LiveResultParts): RunResult {
  const { data, engine, channels, from, to, elapsedMs } = parts;
  const { prepared } = engine;
  return makeRunResult(assembly, {
    runId: data.runId,
    kind: data.mode,
    name: prepared.config.engine.name,
    startedAt: from,
    elapsedMs,
    from,
    to,
    sources: sourcesOf(channels, from, to),
    config: effectiveConfigYaml(prepared.config, prepared.optionsByPath),
    strategyHashes: strategyHashes(prepared.strategies),
    warnings: [
      ...prepared.warnings.map((warning) => warning.message),
      ...channels.flatMap((channel) => irregularText(channel.name, channel.counts) ?? []),
    ],
  });
}
