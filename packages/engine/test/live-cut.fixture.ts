// Test support: a paper run over a feed that plays a tape and can be cut, with strategies that write down all they see.
import { readFileSync } from 'node:fs';
import type { Feed } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { composeEngine, type EngineComposition } from '../src/composition-root.js';
import { loadConfig } from '../src/config/index.js';
import { compareRun } from '../src/parity/compare-run.js';
import type { ParityResult } from '../src/parity/parity-result.js';
import type { RunResult } from '../src/report/run-result.js';
import type { BrokerLine } from '../src/runtime/brokers/broker-line.js';
import { AwayParts } from '../src/runtime/live/away-parts.js';
import { LiveSession, newProject, NOON } from './live-session.fixture.js';
import type { PaperProject } from './paper-project.fixture.js';
import { type Quote, SYMBOLS, TapeFeed } from './tape-feed.fixture.js';

/** Asked about each bar, it writes down all it sees, and wants what that says. */
const WATCH = `
import { appendFileSync } from 'node:fs';
import { API_VERSION, definePlugin, defineStrategy, ema, sma } from '@bookrunner/sdk';
import { z } from 'zod';
const params = z.strictObject({ file: z.string() });
const unused = () => ({ capabilities: {} });
const watch = (name, gapToleranceMs) => defineStrategy({
  name, params, warmup: () => 3, lookback: () => 8,
  ...(gapToleranceMs === undefined ? {} : { gapToleranceMs }),
  features: () => ({ slow: ema(4), mean: sma(3) }),
  state: () => ({ asked: 0 }),
  onBar(context) {
    const { bar, symbol, features, params, state } = context;
    state.asked += 1;
    const closes = (timeframe) => {
      const window = context.window(symbol, timeframe);
      return Array.from({ length: window.length }, (_, ago) => [window.ts(ago), window.open(ago), window.high(ago), window.low(ago), window.close(ago), window.volume(ago)]);
    };
    const large = context.featuresOf(symbol, 1);
    const seen = { symbol, ts: bar.ts, at: context.ts, asked: state.asked, small: closes(0), large: closes(1), slow: features.slow, mean: features.mean, largeSlow: large.slow };
    appendFileSync(params.file, JSON.stringify(seen) + '\\n');
    return bar.close > features.slow ? 0.4 : -0.4;
  },
  onReset(context) { appendFileSync(context.params.file, JSON.stringify({ reset: context.ts }) + '\\n'); },
});
export default definePlugin({
  id: 'watch', apiVersion: API_VERSION,
  feeds: { tape: { capabilities: { quotes: true }, create: unused } },
  strategies: { watch: watch('watch'), strict: watch('strict', 1000) },
});
`;

/** One strategy of its own for each symbol, on bars of one and of five minutes. */
function yamlOf(
  file: (symbol: string) => string,
  { use = 'watch', engine = '', staleMs = 600_000, closeDelayMs = 500 } = {},
): string {
  const bars = [60, 300].map((seconds) => `{ use: time, options: { seconds: ${seconds}, price: mid } }`).join(', ');
  const line = (symbol: string): string =>
    `  ${symbol.toLowerCase()}: { use: ${use}, symbols: [${symbol}], allocation: 0.5, bars: [${bars}], params: { file: ${JSON.stringify(file(symbol))} } }`;
  const instrument = (symbol: string): string =>
    `  ${symbol}: { assetClass: fx, base: ${symbol.slice(0, 3)}, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x5 }`;
  return `
engine: { name: cut-test, baseCurrency: USD, dataDir: ./var, closeDelayMs: ${closeDelayMs}${engine} }
plugins: [./watch.mjs]
instruments:
${SYMBOLS.map(instrument).join('\n')}
feeds: { data: { use: tape } }
venues: { sim: { use: simulated } }
risk: { use: standard, options: { stale: { feedMs: ${staleMs} }, maxLeverage: 5 } }
strategies:
${SYMBOLS.map(line).join('\n')}
`;
}

/** What a strategy saw when it was asked. */
export interface Seen {
  readonly symbol: string;
  readonly ts: number;
  /** When it was asked. */
  readonly at: number;
  readonly asked: number;
  readonly small: readonly (readonly number[])[];
  readonly large: readonly (readonly number[])[];
  readonly slow: number;
  readonly largeSlow: number;
}

/** Options of {@link CutRun.begin}. */
export interface CutRunOptions {
  readonly tape: readonly Quote[];
  readonly capabilities: Feed['capabilities'];
  readonly at?: number;
  readonly project?: PaperProject;
  /** The run that is gone on from: strategies go on writing where its did. */
  readonly after?: CutRun;
  readonly runId?: string;
  readonly use?: string;
  /** Silence after which the feed counts as stale. */
  readonly staleMs?: number;
  readonly closeDelayMs?: number;
  /** More of the engine's section. */
  readonly engine?: string;
  readonly isJournalled?: boolean;
  readonly prepare?: (feed: TapeFeed) => void;
  /** It begins without the feed, which is gone until the test says otherwise. */
  readonly isAway?: boolean;
  /** It may begin without the feed. */
  readonly mayBeAway?: boolean;
}

/** One run over a {@link TapeFeed}. */
export class CutRun extends LiveSession {
  readonly feed: TapeFeed;
  hasBegun!: Promise<void>;
  readonly #options: CutRunOptions;

  private constructor(options: CutRunOptions) {
    super({
      clock: new FakeClock(options.at ?? NOON),
      project: options.project ?? newProject('', { 'watch.mjs': WATCH }),
      runId: options.runId,
      turns: 12,
    });
    this.#options = options;
    this.feed = new TapeFeed(this.clock, options.tape, options.capabilities);
    if (options.project !== undefined) return;
    this.project.write(
      'engine.yaml',
      yamlOf((symbol) => this.#file(symbol), options),
    );
  }

  static async begin(options: CutRunOptions): Promise<CutRun> {
    const run = CutRun.start(options);
    await run.hasBegun;
    await run.settle();
    return run;
  }

  /** Begins without waiting for it. */
  static start(options: CutRunOptions): CutRun {
    const run = new CutRun(options);
    options.prepare?.(run.feed);
    run.hasBegun = run.#begin();
    return run;
  }

  async #begin(): Promise<void> {
    const { clock, feed } = this;
    const config = loadConfig(this.project.configPath, {});
    const log = { level: 'silent', format: 'json', write: () => {} } as const;
    const composed = await composeEngine({ config, mode: 'paper', log, clock });
    const engine = { ...composed, parts: { ...composed.parts, feeds: new Map([['data', feed as Feed]]) } };
    const away = (): AwayParts => this.#withoutFeed(engine);
    const { isJournalled = false, isAway = false, mayBeAway = isAway } = this.#options;
    await this.start({ engine, isJournalled, ...(mayBeAway ? { away } : {}) });
  }

  #withoutFeed({ parts: { feeds } }: EngineComposition): AwayParts {
    const { clock, feed } = this;
    // To a run without brokers there is nothing to go on with: one stands by.
    const lines = [{ name: 'there' } as BrokerLine];
    const away = new AwayParts({ clock, feeds, lines, terms: new Map(), mask: (text) => text });
    if (this.#options.isAway !== true) return away;
    feed.isGone = true;
    const failure = {
      phase: 'open',
      code: 'PLUGIN_OPEN_FAILED',
      path: 'feeds.data',
      message: 'connect ECONNREFUSED',
      remedy: '',
    } as const;
    away.takeAll([{ group: 'feeds', name: 'data', failure: { ...failure, isPassing: true } }]);
    return away;
  }

  #file(symbol: string): string {
    return (this.#options.after ?? this).project.path(`${symbol}.jsonl`);
  }

  /** The tape until an instant, with turns of the event loop in between. */
  async play(to: number, stepMs = 1_000): Promise<void> {
    for (let from = this.clock.nowUtc(); from < to; from = this.clock.nowUtc()) {
      this.feed.play(from, Math.min(to, from + stepMs));
      await this.settle();
    }
  }

  /** The link is back, and what follows of it at once has happened. */
  async mend(symbol?: string): Promise<void> {
    this.feed.mend(symbol);
    await this.settle();
  }

  /** What the strategy of a symbol wrote down. */
  lines(symbol: string): readonly (Seen | { readonly reset: number })[] {
    let text = '';
    try {
      text = readFileSync(this.#file(symbol), 'utf8');
    } catch {
      return [];
    }
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Seen);
  }

  seen(symbol: string): readonly Seen[] {
    return this.lines(symbol).filter((line): line is Seen => 'ts' in line);
  }

  qty(symbol: string): number {
    const strategies = this.session.snapshot()?.strategies ?? [];
    return strategies.find(({ name }) => name === symbol.toLowerCase())?.positions[0]?.qty ?? Number.NaN;
  }

  /** Why the strategy of a symbol may take no new risk; empty where it may. */
  paused(symbol: string): string | undefined {
    const scopes = this.kernel?.parts.scopes.strategies ?? [];
    return scopes.find(({ view }) => view.name === symbol.toLowerCase())?.pauseReason;
  }

  /** The journal stores the state as it is. */
  snapshot(): void {
    this.journal?.snapshot();
  }

  /** A folder as a cut now would leave it; its strategies go on writing where they did. */
  cutOff(): PaperProject {
    this.journal?.writer.commit();
    return this.copy({ 'watch.mjs': WATCH });
  }

  /** Its result, when it ends by itself. */
  ended(): Promise<RunResult> {
    return this.result;
  }

  async finish(): Promise<RunResult> {
    this.stop();
    return this.result;
  }

  /** Against a backtest over what it recorded. */
  compare(run = this.runId): Promise<ParityResult> {
    return this.reading((reader) => compareRun({ reader, dataDir: this.project.dataDir, run }));
  }
}
