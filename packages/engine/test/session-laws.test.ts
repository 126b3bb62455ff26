// Whatever befalls a session, its journal decides the same again, and every difference to its backtest has a cause.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Command, Feed } from '@bookrunner/sdk';
import fc from 'fast-check';
import { CutRun, type CutRunOptions } from './live-cut.fixture.js';
import { MINUTE, removeProjects } from './live-session.fixture.js';
import { makeTape, SYMBOLS } from './tape-feed.fixture.js';
import { READY, TICKS } from './uncut-run.fixture.js';

afterEach(removeProjects);

const TAPE = makeTape(7, 200);
/** A course takes half a second or more: a few beside those known each time, and a search draws many. */
const COURSES = { numRuns: Number(process.env['FAST_CHECK_RUNS'] ?? 10) };
/** Room to find the smallest course that fails, too. */
jest.setTimeout(300_000 + COURSES.numRuns * 2_000);
const COMMANDS: readonly (readonly [Command['name'], Command['args']])[] = [
  ['halt', {}],
  ['reduce-only', {}],
  ['panic', {}],
  ['resume', {}],
  ['stop', { name: 'eurusd' }],
  ['start', { name: 'eurusd' }],
  ['alloc', { name: 'gbpusd', weight: 0.3 }],
  ['risk', { name: 'gbpusd', bps: 40 }],
];

/** What happens to a session. */
const happening = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('play'), ms: fc.integer({ min: 500, max: 150_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut'), symbol: fc.constantFrom(undefined, ...SYMBOLS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mend'), symbol: fc.constantFrom(undefined, ...SYMBOLS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat'), ms: fc.integer({ min: 0, max: 60_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('history'),
      delayMs: fc.constantFrom(0, 2_000, 20_000),
      fault: fc.constantFrom(undefined, undefined, 'fails', 'hangs'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('command'), command: fc.constantFrom(...COMMANDS) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restart'),
      isCut: fc.boolean(),
      downMs: fc.constantFrom(0, 1_000, 40_000, 200_000),
      delayMs: fc.constantFrom(0, 3_000, 12_000),
    }),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer One> ? One : never;

const plays = (...spans: readonly number[]): readonly Happening[] => spans.map((ms) => ({ kind: 'play', ms }));
const commands = (...names: readonly Command['name'][]): readonly Happening[] =>
  names.map((name) => ({ kind: 'command', command: [name, {}] }));
const CUT: Happening = { kind: 'cut', symbol: undefined };
const ALLOC: Happening = { kind: 'command', command: ['alloc', { name: 'gbpusd', weight: 0.3 }] };
/** Courses that had differences without a cause: each time. */
const KNOWN: [Happening[], 'watch' | 'strict'][] = [
  [[...plays(60_101), ...commands('reduce-only', 'resume')], 'watch'],
  [[...plays(124_912, 149_985, 85_603), ...commands('reduce-only', 'halt', 'resume'), ...plays(500)], 'watch'],
  [[...plays(124_912, 149_985, 89_067), ...commands('reduce-only', 'halt', 'resume'), ...plays(500)], 'watch'],
  [
    [
      ...plays(501),
      ...[CUT, ...plays(99_499), ALLOC, CUT],
      ...[{ kind: 'restart', isCut: false, downMs: 200_000, delayMs: 12_000 } as const],
    ],
    'strict',
  ],
];

/** A session and those that go on from it. */
class Sessions {
  readonly #options: Omit<CutRunOptions, 'runId'>;
  readonly #first: CutRun;
  #run: CutRun;
  #count = 1;

  private constructor(options: Omit<CutRunOptions, 'runId'>, first: CutRun) {
    this.#options = options;
    this.#first = first;
    this.#run = first;
  }

  static async begin(capabilities: Feed['capabilities'], use: string): Promise<Sessions> {
    const options = { tape: TAPE, capabilities, use, isJournalled: true, staleMs: 20_000 };
    return new Sessions(options, await CutRun.begin(options));
  }

  async befall(one: Happening): Promise<void> {
    const { feed, clock, session } = this.#run;
    const now = clock.nowUtc();
    if (one.kind === 'play') await this.#run.play(now + one.ms);
    else if (one.kind === 'cut') feed.cut(one.symbol);
    else if (one.kind === 'mend') await this.#run.mend(one.symbol);
    else if (one.kind === 'repeat') feed.repeat(now - one.ms);
    else if (one.kind === 'history') Object.assign(feed, { delayMs: one.delayMs, fault: one.fault });
    else if (one.kind === 'restart') await this.#restart(one);
    else {
      const [name, args] = one.command;
      session.command({ ts: now, name, args, actor: 'ops' }, () => {});
      await this.#run.settle();
    }
  }

  /** All is well again for some bars, then it ends. */
  async finish(): Promise<void> {
    Object.assign(this.#run.feed, { fault: undefined });
    await this.#run.mend();
    await this.#run.play(this.#run.clock.nowUtc() + 3 * MINUTE);
    await this.#run.finish();
  }

  async expectLaws(): Promise<void> {
    for (let n = 1; n <= this.#count; n++) {
      expect(await this.#run.verify(`run-${n}`)).toMatchObject({
        run: `run-${n}`,
        difference: undefined,
        isSame: true,
      });
    }
    const { differences } = await this.#run.compare();
    expect(differences.filter(({ cause }) => cause === 'unexplained')).toEqual([]);
  }

  async #restart({ isCut, downMs, delayMs }: Extract<Happening, { kind: 'restart' }>): Promise<void> {
    const project = isCut ? this.#run.cutOff() : this.#run.project;
    const at = this.#run.clock.nowUtc() + downMs;
    await this.#run.finish();
    this.#count += 1;
    const prepare = (feed: CutRun['feed']): void => {
      feed.delayMs = delayMs;
      const subscribe = feed.subscribe.bind(feed);
      feed.subscribe = (instruments, sink) => {
        const subscription = subscribe(instruments, sink);
        feed.say('live');
        return subscription;
      };
    };
    const more = { project, after: this.#first, runId: `run-${this.#count}`, at, prepare };
    const next = CutRun.start({ ...this.#options, ...more });
    let hasBegun = false;
    const begun = next.hasBegun.finally(() => (hasBegun = true));
    while (!hasBegun) {
      await (next.feed.sink === undefined ? next.settle() : next.play(next.clock.nowUtc() + 1_000));
    }
    await begun;
    this.#run = next;
  }
}

describe.each<readonly [string, Feed['capabilities']]>([
  ['ticks', TICKS],
  ['ticks with bars of the past', { quotes: true, historyBars: true }],
  ['ticks without a past', { quotes: true }],
  ['ready bars', READY],
])('a session over %s', (_, capabilities) => {
  it('decides the same again, and differs from its backtest for causes alone, whatever befalls it', async () => {
    const course = fc.array(happening, { minLength: 4, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(course, fc.constantFrom('watch', 'strict'), async (happenings, use) => {
        const sessions = await Sessions.begin(capabilities, use);
        for (const one of happenings) await sessions.befall(one);
        await sessions.finish();
        await sessions.expectLaws();
        removeProjects();
      }),
      { ...COURSES, examples: KNOWN },
    );
  });
});
