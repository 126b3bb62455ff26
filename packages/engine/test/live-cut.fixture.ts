// Test support: a paper run over a feed that plays a tape and can be cut, in this thread, with a clock that the test moves.
import { cpSync, readFileSync } from 'node:fs';
import {
  type BarColumns,
  type BarSpec,
  type EngineNotice,
  type Feed,
  type FeedSink,
  type FeedState,
  type HistoryBlock,
  type HistoryRequest,
  type Instrument,
  type TickColumns,
} from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { composeEngine } from '../src/composition-root.js';
import { loadConfig } from '../src/config/index.js';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { JournalReader } from '../src/journal/journal-reader.js';
import { replayRun, type ReplayedRun } from '../src/journal/replay-run.js';
import type { RunJournal } from '../src/journal/run-journal.js';
import { compareRun } from '../src/parity/compare-run.js';
import type { Kernel } from '../src/kernel/kernel.js';
import type { ParityResult } from '../src/parity/parity-result.js';
import type { RunResult } from '../src/report/run-result.js';
import { LiveRun } from '../src/runtime/live-run.js';
import { Turns } from '../src/runtime/pace-turns.js';
import type { WorkerData } from '../src/runtime/paper-messages.js';
import { journalOpener, type JournalOpener } from '../src/runtime/worker-journal.js';
import { WorkerSession } from '../src/runtime/worker-session.js';
import { PaperProject } from './paper-project.fixture.js';

/** Tuesday 2024-01-02, 12:00 UTC: the market is open. */
export const NOON = Date.UTC(2024, 0, 2, 12);
export const MINUTE = 60_000;
export const SYMBOLS = ['EURUSD', 'GBPUSD'] as const;
/** A ready bar arrives this long after its end. */
const LATENCY_MS = 100;

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

/** One quote. */
interface Quote {
  readonly ts: number;
  readonly symbol: string;
  readonly bid: number;
}

/** Quotes of both symbols, some seconds apart, the same for a seed. */
export function makeTape(seed: number, minutes: number): readonly Quote[] {
  let state = seed;
  const random = (): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
  const quotes: Quote[] = [];
  for (const [place, symbol] of SYMBOLS.entries()) {
    let bid = 1.1 + place / 10;
    for (let ts = NOON - 30 * MINUTE; ts < NOON + minutes * MINUTE; ts += 500 + Math.floor(random() * 9_000)) {
      bid = Math.round((bid + (random() - 0.5) * 0.001) * 1e5) / 1e5;
      quotes.push({ ts, symbol, bid });
    }
  }
  return quotes.toSorted((a, b) => a.ts - b.ts);
}

interface TapeEvent {
  readonly at: number;
  readonly deliver: () => void;
}

/** What a history may do in place of answering. */
export type HistoryFault = 'fails' | 'hangs';

/** Plays a tape by the clock: ticks, or ready bars of a minute. */
export class TapeFeed implements Feed {
  readonly capabilities: Feed['capabilities'];
  readonly tape: readonly Quote[];
  readonly clock: FakeClock;
  readonly asked: HistoryRequest[] = [];
  sink!: FeedSink;
  fault: HistoryFault | undefined;
  /** How long history takes, by the clock. */
  delayMs = 0;
  /** Ready bars that are never delivered, by their start. */
  readonly omitted = new Set<number>();
  readonly #away = new Set<string>();
  #events: readonly TapeEvent[] | undefined;

  constructor(clock: FakeClock, tape: readonly Quote[], capabilities: Feed['capabilities']) {
    this.clock = clock;
    this.tape = tape;
    this.capabilities = capabilities;
  }
  get isReady(): boolean {
    return this.capabilities.quotes !== true;
  }
  resolve(instrument: Instrument) {
    return Promise.resolve({ instrument, sourceId: instrument.symbol });
  }
  open(): Promise<void> {
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
  subscribe(_instruments: readonly Instrument[], sink: FeedSink) {
    this.sink = sink;
    return Promise.resolve({ close: () => Promise.resolve() });
  }

  async *history(request: HistoryRequest): AsyncGenerator<HistoryBlock> {
    this.asked.push(request);
    if (this.delayMs > 0) await this.clock.sleepUntil(this.clock.nowUtc() + this.delayMs);
    if (this.fault === 'fails') throw new Error('pacing violation');
    if (this.fault === 'hangs') await new Promise(() => {});
    const { instrument, from, to, bars } = request;
    const quotes = this.tape.filter(({ symbol, ts }) => symbol === instrument.symbol && ts < to);
    if (bars !== undefined) {
      const seconds = bars.options['seconds'] as number;
      const columns = barsOf(instrument.symbol, quotes, seconds * 1_000);
      const kept = columns.filter(({ ts }) => ts >= from && ts < to);
      yield { kind: 'bars', columns: columnsOf(instrument.symbol, kept), spec: bars };
      return;
    }
    const rows = quotes.filter(({ ts }) => ts >= from);
    for (let row = 0; row < rows.length; row += 100) {
      yield { kind: 'ticks', columns: tickColumns(instrument.symbol, rows.slice(row, row + 100)) };
    }
  }

  /** The link breaks, of all symbols or of one. */
  cut(symbol?: string, state: FeedState = 'disconnected'): void {
    for (const one of symbol === undefined ? SYMBOLS : [symbol]) this.#away.add(one);
    this.say(state, symbol);
  }

  /** It is back. */
  mend(symbol?: string): void {
    for (const one of symbol === undefined ? SYMBOLS : [symbol]) this.#away.delete(one);
    this.say('live', symbol);
  }

  say(state: FeedState, symbol?: string): void {
    const ts = this.clock.nowUtc();
    const of = symbol === undefined ? {} : { symbol };
    this.sink.status({ ts, feed: 'data', ...of, state, reason: state === 'live' ? '' : 'TEST', message: '' });
  }

  /** Delivers again what happened in [from, now), as some feeds do after they were away. */
  repeat(from: number): void {
    const now = this.clock.nowUtc();
    for (const quote of this.tape) if (quote.ts >= from && quote.ts < now && !this.isReady) this.#quote(quote);
  }

  /** Delivers what became known in [from, to). The clock stands at each of it. */
  play(from: number, to: number): void {
    this.#events ??= this.isReady ? this.#barEvents() : this.#tickEvents();
    for (const event of this.#events) {
      if (event.at < from || event.at >= to) continue;
      this.clock.moveTo(Math.max(this.clock.nowUtc(), event.at));
      event.deliver();
    }
    this.clock.moveTo(Math.max(this.clock.nowUtc(), to));
  }

  #tickEvents(): readonly TapeEvent[] {
    return this.tape.map((quote) => ({ at: quote.ts, deliver: () => this.#quote(quote) }));
  }

  #barEvents(): readonly TapeEvent[] {
    const spec: BarSpec = { use: 'time', options: { seconds: 60 } };
    return SYMBOLS.flatMap((symbol) =>
      barsOf(
        symbol,
        this.tape.filter((quote) => quote.symbol === symbol),
        MINUTE,
      ).map((bar) => ({
        at: bar.ts + MINUTE + LATENCY_MS,
        deliver: () => {
          if (!this.#away.has(symbol) && !this.omitted.has(bar.ts)) this.sink.bars(columnsOf(symbol, [bar]), spec);
        },
      })),
    ).toSorted((a, b) => a.at - b.at);
  }

  #quote({ ts, symbol, bid }: Quote): void {
    if (this.#away.has(symbol)) return;
    const sizes = { bidSize: 1e6, askSize: 1e6, last: Number.NaN, size: Number.NaN };
    this.sink.tick({ ts, recvTs: ts, symbol, venue: 'tape', bid, ask: bid + 0.0001, ...sizes });
  }
}

interface TapeBar {
  readonly ts: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

function barsOf(symbol: string, quotes: readonly Quote[], barMs: number): readonly TapeBar[] {
  const bars = new Map<number, number[]>();
  for (const quote of quotes) {
    if (quote.symbol !== symbol) continue;
    const start = Math.floor(quote.ts / barMs) * barMs;
    bars.set(start, [...(bars.get(start) ?? []), quote.bid + 0.00005]);
  }
  return [...bars].map(([ts, prices]) => ({
    ...{ ts, open: prices[0] as number, close: prices.at(-1) as number, volume: prices.length },
    ...{ high: Math.max(...prices), low: Math.min(...prices) },
  }));
}

function columnsOf(symbol: string, bars: readonly TapeBar[]): BarColumns {
  const of = (field: keyof TapeBar): Float64Array => Float64Array.from(bars, (bar) => bar[field]);
  return {
    ...{ symbol, length: bars.length, ts: of('ts'), open: of('open'), high: of('high') },
    ...{ low: of('low'), close: of('close'), volume: of('volume') },
  };
}

function tickColumns(symbol: string, quotes: readonly Quote[]): TickColumns {
  const of = (value: (quote: Quote) => number): Float64Array => Float64Array.from(quotes, value);
  return {
    ...{ symbol, venue: 'tape', length: quotes.length, ts: of(({ ts }) => ts), bid: of(({ bid }) => bid) },
    ...{ ask: of(({ bid }) => bid + 0.0001), bidSize: of(() => 1e6), askSize: of(() => 1e6) },
  };
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
}

const projects: PaperProject[] = [];
export function removeProjects(): void {
  for (const project of projects.splice(0)) project.remove();
}

/** One run over a {@link TapeFeed}. */
export class CutRun {
  readonly clock: FakeClock;
  readonly feed: TapeFeed;
  readonly project: PaperProject;
  readonly notices: EngineNotice[] = [];
  source!: LiveRun;
  session!: WorkerSession;
  hasBegun!: Promise<void>;
  readonly #options: CutRunOptions;
  readonly #stop = new AbortController();
  #journal: RunJournal | undefined;
  #kernel: Kernel | undefined;
  #result!: Promise<RunResult>;

  private constructor(options: CutRunOptions) {
    this.#options = options;
    this.clock = new FakeClock(options.at ?? NOON);
    this.feed = new TapeFeed(this.clock, options.tape, options.capabilities);
    this.project = options.project ?? new PaperProject('', { 'watch.mjs': WATCH });
    if (options.project === undefined) {
      projects.push(this.project);
      this.project.write(
        'engine.yaml',
        yamlOf((symbol) => this.#file(symbol), options),
      );
    }
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
    const runId = this.#options.runId ?? 'run-1';
    const data: WorkerData = {
      ...{ runId, mode: 'paper', configPath: '', overrides: [], env: {}, speed: 1, first: [] },
      ...{ html: false, isFresh: false, beatEveryMs: 100, beat: new SharedArrayBuffer(16) },
      log: { level: 'silent', format: 'json' },
    };
    const isJournalled = this.#options.isJournalled ?? false;
    const opener = isJournalled
      ? await journalOpener({ engine, data, isRecorded: false, onFault: (error) => this.notices.push(error as never) })
      : undefined;
    let begun!: () => void;
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    this.source = new LiveRun({
      ...{ data, engine, turns: new Turns({ beat: () => {} }), beat: () => {}, signal: this.#stop.signal },
      session: () => this.session,
      onNotice: (notice) => {
        this.notices.push(notice);
        this.session?.heard(notice);
      },
      onBegun: () => begun(),
      ...(opener === undefined ? {} : { openJournal: this.#kept(opener) }),
    });
    const { source } = this;
    this.session = new WorkerSession({ runId, name: 'cut-test', source, wallClock: () => clock.nowUtc() });
    const attach = this.session.attach.bind(this.session);
    this.session.attach = (assembly) => {
      this.#kernel = assembly.kernel;
      attach(assembly);
    };
    this.#result = source.run();
    await Promise.race([hasBegun, this.#result]);
  }

  #kept(opener: JournalOpener): JournalOpener {
    return { ...opener, open: (start) => (this.#journal = opener.open(start)) };
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

  /** Lets everything happen that waits for no clock. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 12; turn++) await new Promise(setImmediate);
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

  codes(): readonly string[] {
    return this.notices.map(({ code }) => code);
  }

  qty(symbol: string): number {
    const strategies = this.session.snapshot()?.strategies ?? [];
    return strategies.find(({ name }) => name === symbol.toLowerCase())?.positions[0]?.qty ?? Number.NaN;
  }

  /** Why the strategy of a symbol may take no new risk; empty where it may. */
  paused(symbol: string): string | undefined {
    const scopes = this.#kernel?.parts.scopes.strategies ?? [];
    return scopes.find(({ view }) => view.name === symbol.toLowerCase())?.pauseReason;
  }

  /** The journal stores the state as it is. */
  snapshot(): void {
    this.#journal?.snapshot();
  }

  /** A folder as a cut now would leave it; its strategies go on writing where they did. */
  cutOff(): PaperProject {
    this.#journal?.writer.commit();
    const left = new PaperProject(readFileSync(this.project.configPath, 'utf8'), { 'watch.mjs': WATCH });
    projects.push(left);
    cpSync(this.project.dataDir, left.dataDir, { recursive: true });
    return left;
  }

  /** Its result, when it ends by itself. */
  ended(): Promise<RunResult> {
    return this.#result;
  }

  async finish(): Promise<RunResult> {
    this.#stop.abort();
    return this.#result;
  }

  /** Against a backtest over what it recorded. */
  compare(run = this.#options.runId ?? 'run-1'): Promise<ParityResult> {
    const reader = new JournalReader(this.project.dataDir, DRIVER);
    return compareRun({ reader, dataDir: this.project.dataDir, run }).finally(() => reader.close());
  }

  verify(run = this.#options.runId ?? 'run-1'): Promise<ReplayedRun> {
    const reader = new JournalReader(this.project.dataDir, DRIVER);
    return replayRun({ reader, dataDir: this.project.dataDir, run }).finally(() => reader.close());
  }
}
