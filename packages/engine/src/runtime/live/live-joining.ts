import type { EngineNotice } from '@bookrunner/sdk';
import type { Joining, PartName } from './away-parts.js';
import type { LiveBrokers } from './live-brokers.js';
import type { LiveFeeds } from './live-feeds.js';

/** What parts join that were away when the run began. */
export interface JoinedRun {
  readonly feeds: LiveFeeds;
  readonly brokers: LiveBrokers | undefined;
  readonly say: (notice: EngineNotice) => void;
}

/** The way of feeds and brokers into a run that has begun. */
export class LiveJoining implements Joining {
  readonly #run: JoinedRun;

  constructor(run: JoinedRun) {
    this.#run = run;
  }

  async join({ kind, name }: PartName, signal: AbortSignal): Promise<void> {
    const { feeds, brokers } = this.#run;
    await (kind === 'feed' ? feeds : brokers)?.join(name, signal);
  }

  tell(notice: EngineNotice): void {
    this.#run.say(notice);
  }

  /** What shows the part says why; to the kernel nothing is new. */
  stillAway({ kind, name }: PartName, why: string): void {
    const { feeds, brokers } = this.#run;
    (kind === 'feed' ? feeds : brokers)?.stillAway(name, why);
  }

  isPlanned({ kind, name }: PartName): boolean {
    return kind === 'venue' && this.#run.brokers?.isOutage(name) === true;
  }
}
