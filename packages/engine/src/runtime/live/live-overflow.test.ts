// Rows that have no place while history is asked: they come from history, too, or it is told that they are missing.
import { describe, expect, it } from '@jest/globals';
import type { EngineNotice, Tick } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { START } from '../../kernel/kernel.fixture.js';
import { LiveBackfill } from './live-backfill.js';
import { BackfillLine, FILL_EVERY_MS } from './live-backfill-line.js';
import type { LiveHistory, MissedRows } from './live-history.js';
import type { LiveMarket } from './live-market.js';
import type { LivePast } from './live-past.js';

/** A feed whose history answers when told to, with place for ten rows. */
class Outage {
  readonly clock = new FakeClock(START);
  readonly notices: EngineNotice[] = [];
  /** Until when history was asked. */
  readonly asked: number[] = [];
  #answer: () => void = () => {};
  readonly #backfill: LiveBackfill;

  constructor() {
    const { clock, notices, asked } = this;
    const missed = ({ to }: { readonly to: number }): Promise<MissedRows> => {
      asked.push(to);
      return new Promise((resolve) => (this.#answer = () => resolve({ to, ticks: [], bars: [], isAnew: false })));
    };
    const history = { takesTicks: true, missed } as unknown as LiveHistory;
    const past = { enter: async () => 1, waited: () => 0, show: () => {} } as unknown as LivePast;
    const line = new BackfillLine({ symbol: 'AAA', history, past, clock, queueRows: 10, onFull: () => {} });
    const onNotice = (notice: EngineNotice): void => void notices.push(notice);
    const market = { take: () => {} } as unknown as LiveMarket;
    const options = { feed: 'feed', lines: [line], others: [], market, clock, limitMs: 600_000 };
    const onFault = (error: unknown): never => {
      throw error;
    };
    this.#backfill = new LiveBackfill({ ...options, onNotice, onFault });
    this.#backfill.connect({ status: () => {}, took: () => {} });
  }

  say(state: 'disconnected' | 'live'): void {
    this.#backfill.takes({
      kind: 'status',
      status: { ts: this.clock.nowUtc(), feed: 'feed', state, reason: '', message: '' },
    });
  }

  ticks(count: number): void {
    const tick = { symbol: 'AAA' } as Tick;
    for (let n = 0; n < count; n++) this.#backfill.takes({ kind: 'tick', tick });
  }

  async answer(): Promise<void> {
    this.#answer();
    await this.pass(FILL_EVERY_MS);
  }

  async pass(ms: number): Promise<void> {
    for (let n = 0; n < 20; n++) await Promise.resolve();
    this.clock.advance(ms);
    for (let n = 0; n < 20; n++) await Promise.resolve();
  }
}

describe('rows that have no place while history is asked', () => {
  async function asking(rows: number): Promise<Outage> {
    const outage = new Outage();
    outage.say('disconnected');
    await outage.pass(60_000);
    // All of this is older than what is asked.
    outage.ticks(50);
    outage.say('live');
    await outage.pass(1_000);
    outage.ticks(rows);
    await outage.answer();
    return outage;
  }

  it('come from history, which is asked once more', async () => {
    const outage = await asking(11);
    expect(outage.asked).toEqual([START + 60_000, START + 61_000 + FILL_EVERY_MS]);
    await outage.answer();
    expect(outage.notices.map(({ code }) => code)).toEqual(['FEED_BACKFILLED']);
  });

  it('are not asked for where there was place', async () => {
    const outage = await asking(0);
    expect(outage.asked).toHaveLength(1);
    expect(outage.notices.map(({ code }) => code)).toEqual(['FEED_BACKFILLED']);
  });

  it('are told to be missing where there is no place again', async () => {
    const outage = await asking(11);
    outage.ticks(30);
    await outage.answer();
    expect(outage.asked).toHaveLength(2);
    expect(outage.notices.map(({ code }) => code)).toContain('FEED_BACKFILL_FAILED');
  });
});
