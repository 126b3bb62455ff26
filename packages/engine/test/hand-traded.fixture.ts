// Test support: a live session whose broker's account others trade as well, and whose broker errs.
import type { Command, Fill, Order, Side, VenueReport, VenueSnapshot } from '@bookrunner/sdk';
import type { EngineSnapshot } from '../src/control/engine-snapshot.js';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { JournalReader } from '../src/journal/journal-reader.js';
import { compareRun } from '../src/parity/compare-run.js';
import type { ParityResult } from '../src/parity/parity-result.js';
import { brokerYaml, LiveBench, type WatchedVenue } from './live-bench.fixture.js';

const CAPITAL = 100_000;

/** What the broker does with the next order. */
export type Fault = 'refuses' | 'loses' | 'is silent' | 'tells no fill';

/** The truth of one account: what the engine traded there, and what others did. */
export class HandTraded {
  bench!: LiveBench;
  /** Others' executions, and what became of the engine's own. */
  readonly #byHand: { readonly fill: Fill; readonly isTold: boolean }[] = [];
  readonly #changed = new Map<string, Fill | undefined>();
  readonly #fills: Fill[] = [];
  #fault: Fault | undefined;
  #isMute = false;
  #price = 1.1;
  #runs = 1;

  /** One strategy on one account; `replaces`: the broker changes orders in place. */
  static async begin(
    strategy: string,
    { exclusive = true, replaces = true }: { readonly exclusive?: boolean; readonly replaces?: boolean } = {},
  ): Promise<HandTraded> {
    const hand = new HandTraded();
    const yaml = brokerYaml(strategy).replace('exclusive: true', `exclusive: ${exclusive}`);
    hand.bench = await LiveBench.begin(replaces ? yaml : yaml.replace('use: broker', 'use: fixed'), {
      prepare: (venue) => hand.#prepare(venue),
    });
    return hand;
  }

  /** The engine ends, and goes on after so long; orders stay at the broker. */
  async restart(downMs: number): Promise<void> {
    const { project, clock, venue, paper } = this.bench;
    await this.bench.finish();
    clock.advance(downMs);
    this.#runs += 1;
    const more = { project, clock, runId: `run-${this.#runs}` };
    this.bench = await LiveBench.begin('', {
      ...more,
      wrap: () => venue.inner,
      prepare: (next) => this.#prepare(next),
    });
    this.bench.paper = paper;
    await this.bench.pass(300);
  }

  /** Whether every journal of the chain decides the same again. */
  async verify(): Promise<boolean> {
    let isSame = true;
    // One after the other: they share the data folder.
    // oxlint-disable-next-line no-await-in-loop
    for (let run = 1; run <= this.#runs; run++) isSame &&= (await this.bench.verify(`run-${run}`)).isSame;
    return isSame;
  }

  /** What the strategy's book has earned, as the engine has it. */
  get earned(): number {
    const { books } = this.bench.session.snapshot() as EngineSnapshot;
    return (books[0]?.equity ?? Number.NaN) - CAPITAL;
  }

  /** The price moves by so much, and a bar closes. */
  async bar(move = 0): Promise<void> {
    this.#price = Number((this.#price + move).toFixed(5));
    await this.bench.bar(this.#price);
    await this.bench.pass(300);
  }

  /** Somebody trades at the broker; untold, it is in the position alone. */
  async trade(signedQty: number, isTold = true): Promise<void> {
    const side: Side = signedQty > 0 ? 'buy' : 'sell';
    const fill: Fill = {
      ...{ orderId: '', executionId: `hand-${this.#byHand.length}`, account: 'DU1', symbol: 'EURUSD', side },
      ...{ qty: Math.abs(signedQty), price: this.#price, fee: 0, feeCurrency: 'USD', liquidity: 'unknown', tag: '' },
      ts: this.bench.clock.nowUtc(),
    };
    this.#byHand.push({ fill, isTold });
    await this.reconcile();
  }

  /** Three answers: two prove, one to spare. */
  async reconcile(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) {
      await this.say('reconcile');
    }
  }

  async say(name: Command['name'], args: Command['args'] = {}): Promise<void> {
    this.bench.session.command({ ts: this.bench.clock.nowUtc(), name, args, actor: 'ann' }, () => {});
    await this.bench.pass(300);
  }

  decide(name: 'adopt' | 'flatten' | 'ignore'): Promise<void> {
    return this.say(name, { symbol: 'EURUSD', ...(name === 'adopt' ? { strategy: 'mine' } : {}) });
  }

  /** The broker errs with the next order that it is sent. */
  fail(fault: Fault): Promise<void> {
    this.#fault = fault;
    return Promise.resolve();
  }

  /** The broker takes back, or corrects, the last execution. */
  async change(qty: number | undefined): Promise<void> {
    const fill = this.#fills.findLast(({ executionId }) => !this.#changed.has(executionId));
    if (fill === undefined) return;
    const { executionId, orderId: clientOrderId, symbol } = fill;
    const base = { ts: this.bench.clock.nowUtc(), clientOrderId, symbol, executionId };
    const now = qty === undefined ? undefined : { ...fill, qty: Math.min(fill.qty, qty) };
    this.#changed.set(executionId, now);
    this.bench.venue.report(
      now === undefined ? { ...base, kind: 'busted' } : { ...base, kind: 'corrected', fill: now },
    );
    await this.reconcile();
  }

  /** The broker ends orders at work by itself. */
  async end(): Promise<void> {
    for (const { clientOrderId, symbol } of (await this.bench.venue.inner.snapshot()).openOrders.items)
      await this.bench.venue.inner.cancel({ clientOrderId, symbol });
    await this.bench.pass(300);
  }

  /** The session is lost for so long. */
  async away(ms: number): Promise<void> {
    const status = (state: 'disconnected' | 'ready') =>
      this.bench.venue.sink.status({ ts: this.bench.clock.nowUtc(), venue: 'ib', state, reason: '', message: '' });
    status('disconnected');
    await this.bench.pass(ms);
    status('ready');
    await this.bench.pass(300);
  }

  async compare(): Promise<ParityResult> {
    const { dataDir } = this.bench.project;
    const reader = new JournalReader(dataDir, DRIVER);
    return compareRun({ reader, dataDir, run: 'latest' }).finally(() => reader.close());
  }

  #prepare(venue: WatchedVenue): void {
    venue.onSnapshot = () => this.#snapshot(venue);
    venue.onSubmit = (group) => this.#submit(venue, group);
    const open = venue.open.bind(venue);
    venue.open = (sink) => {
      const report = (told: VenueReport): void => this.#reported(told, (own) => sink.report(own));
      return open({
        ...{ report, account: (state) => sink.account(state) },
        ...{ status: (status) => sink.status(status), heartbeat: (beat) => sink.heartbeat(beat) },
      });
    };
  }

  #reported(told: VenueReport, pass: (told: VenueReport) => void): void {
    if (told.kind === 'filled') this.#fills.push(told.fill);
    if (!this.#isMute || told.kind !== 'filled') pass(told);
  }

  #submit(venue: WatchedVenue, group: readonly Order[]) {
    const fault = this.#fault;
    this.#fault = undefined;
    const lost = { kind: 'unknown', reason: 'LOST', message: '' } as const;
    if (fault === 'refuses') return Promise.resolve({ kind: 'refused', reason: 'NO', message: 'No.' } as const);
    if (fault === 'loses') return Promise.resolve(lost);
    if (fault === undefined) return undefined;
    this.#isMute = true;
    const sent = venue.inner.submit(group);
    this.#isMute = false;
    return fault === 'is silent' ? sent.then(() => lost) : sent;
  }

  async #snapshot(venue: WatchedVenue): Promise<VenueSnapshot> {
    const shown = await venue.inner.snapshot();
    const changed = shown.executions.items.flatMap((fill) =>
      this.#changed.has(fill.executionId) ? (this.#changed.get(fill.executionId) ?? []) : [fill],
    );
    const told = this.#byHand.filter(({ isTold }) => isTold).map(({ fill }) => fill);
    const truth = [...changed, ...this.#byHand.map(({ fill }) => fill)];
    const qty = truth.reduce((sum, fill) => sum + (fill.side === 'buy' ? fill.qty : -fill.qty), 0);
    const cash = truth.reduce(
      (sum, fill) => sum - (fill.side === 'buy' ? fill.qty : -fill.qty) * fill.price,
      1_000_000,
    );
    const positions = qty === 0 ? [] : [{ account: 'DU1', symbol: 'EURUSD', qty, avgPrice: this.#price }];
    const accounts = shown.accounts.items.map((account) => ({ ...account, cash }));
    return {
      ...shown,
      positions: { ...shown.positions, items: positions },
      executions: { ...shown.executions, items: [...changed, ...told] },
      accounts: { ...shown.accounts, items: accounts },
    };
  }
}
