import { describe, expect, it } from '@jest/globals';
import { type EngineNotice, type Feed, TradingError } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import type { BrokerLine } from '../brokers/broker-line.js';
import { pluginError } from '../../plugins/index.js';
import { AwayParts, type PartName } from './away-parts.js';

const RETRYABLE = new TradingError('DESK_BUSY', 'no login now', { severity: 'retryable', remedy: 'Wait.' });
const FATAL = new TradingError('DESK_PASSWORD', 'wrong password', { severity: 'fatal', remedy: 'Correct it.' });
const A: PartName = { kind: 'venue', name: 'a' };
const DATA: PartName = { kind: 'feed', name: 'data' };

function scene() {
  const clock = new FakeClock(0);
  const log: string[] = [];
  let closing = Promise.resolve();
  const lineOf = (name: string) => ({
    name,
    away: (why: string) => log.push(`away ${name}: ${why}`),
    leave: () => {
      log.push(`leave ${name}`);
      return closing;
    },
  });
  const feed = { close: () => Promise.resolve(void log.push('close data')) } as unknown as Feed;
  const lines = ['a', 'b'].map(lineOf) as unknown as readonly BrokerLine[];
  const away = new AwayParts({
    ...{ clock, lines, feeds: new Map([['data', feed]]), terms: new Map() },
    mask: (text) => text.replace('login', '***'),
  });
  const notices: EngineNotice[] = [];
  const tried: number[] = [];
  let outcome: Error | undefined = RETRYABLE;
  let isPlanned = false;
  const plan = (): void => {
    isPlanned = true;
  };
  const begin = (): void =>
    away.begin({
      join: () => {
        tried.push(clock.nowUtc());
        return outcome === undefined ? Promise.resolve() : Promise.reject(outcome);
      },
      tell: (notice) => void notices.push(notice),
      stillAway: ({ name }, why) => void log.push(`still ${name}: ${why}`),
      isPlanned: () => isPlanned,
    });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  };
  const pass = async (ms: number): Promise<void> => {
    await settle();
    for (let left = ms; left > 0; left -= 500) {
      clock.advance(500);
      await settle();
    }
  };
  const fails = (with_: Error | undefined): void => {
    outcome = with_;
  };
  /** Brokers take until the call to close. */
  const hold = (): (() => void) => {
    let close = (): void => {};
    closing = new Promise((resolve) => (close = resolve));
    return close;
  };
  return { away, begin, fails, hold, log, notices, pass, plan, tried };
}

describe('parts that a run begins without', () => {
  it('are those whose failure may pass, while one broker is left', () => {
    const { away, log } = scene();
    expect([away.take(A, FATAL), away.isAway(A)]).toEqual([false, false]);
    expect([away.take(A, RETRYABLE), away.take(DATA, RETRYABLE), away.isAway(A), away.isAway(DATA)]).toEqual(
      Array.from({ length: 4 }, () => true),
    );
    expect(away.take({ kind: 'venue', name: 'b' }, RETRYABLE)).toBe(false);
    expect(log).toEqual(['away a: DESK_BUSY: no *** now. Wait.', 'leave a', 'close data']);
    expect(() => away.requireAll()).toThrow(RETRYABLE);
  });

  it('are waited for no longer than 10 s, but for the last broker', () => {
    const { away } = scene();
    const b: PartName = { kind: 'venue', name: 'b' };
    expect([A, b, DATA].map((part) => away.answerMs(part, 30_000))).toEqual([10_000, 10_000, 10_000]);
    away.take(A, RETRYABLE);
    expect([b, DATA].map((part) => away.answerMs(part, 30_000))).toEqual([30_000, 10_000]);
  });

  it('are tried after 1, 2, 4 … 30 s until they are there, each cause told once', async () => {
    const { away, begin, fails, notices, pass, tried } = scene();
    away.take(A, RETRYABLE);
    begin();
    await pass(63_000);
    expect(tried).toEqual([1_000, 3_000, 7_000, 15_000, 31_000, 61_000]);
    expect(notices.map(({ code, level }) => [code, level])).toEqual([['ENGINE_PART_AWAY', 'alarm']]);
    expect(notices[0]?.message).toContain(
      "goes on without venue 'a': DESK_BUSY: no *** now. Wait. Nothing is sent there",
    );
    fails(undefined);
    await pass(30_000);
    expect(notices.map(({ code }) => code)).toEqual(['ENGINE_PART_AWAY', 'ENGINE_PART_JOINED']);
    expect([tried.length, away.isAway(A)]).toEqual([7, false]);
  });

  it('are tried seldom after what no time mends, which is told', async () => {
    const { away, begin, fails, notices, pass, tried } = scene();
    away.take(A, RETRYABLE);
    fails(FATAL);
    begin();
    await pass(901_000);
    expect(tried).toEqual([1_000, 901_000]);
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringContaining('tried again in a second, then at most every 30 s'),
      expect.stringMatching(/DESK_PASSWORD: wrong password\..* It is tried again every 15 minutes\.$/),
    ]);
  });

  it('are tried soon where they did not answer in time', async () => {
    const { away, begin, fails, pass, tried } = scene();
    away.take(A, RETRYABLE);
    fails(pluginError('PLUGIN_OPEN_TIMEOUT', "venue 'a' did not open within 30000 ms."));
    begin();
    await pass(8_000);
    expect(tried).toEqual([1_000, 3_000, 7_000]);
  });

  const text = 'a plugin that says nothing of it';
  const untold = new TradingError('BROKER_INSTRUMENT_UNKNOWN', text, {
    ...{ severity: 'fatal', remedy: '' },
    details: { isUnclassified: true },
  });
  it.each([
    ['thrown as it is', new Error(text)],
    ['asked for an instrument', untold],
  ])('are tried ever less after what nobody knows whether it may pass, %s', async (_what, failure) => {
    const { away, begin, fails, notices, pass, tried } = scene();
    away.take(A, RETRYABLE);
    fails(failure);
    begin();
    await pass(130_000);
    expect(tried).toEqual([1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 127_000]);
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringContaining('tried again in a second'),
      expect.stringMatching(
        /says nothing of it.* It is tried again after ever longer times, at last every 15 minutes\.$/,
      ),
    ]);
  });

  it('are told once for each cause, also where two take turns, and where each has words of its own no more than a few times', async () => {
    const { away, begin, fails, log, notices, pass } = scene();
    away.take(A, RETRYABLE);
    begin();
    for (let turn = 0; turn < 6; turn++) {
      const word = turn % 2 === 0 ? 'one' : 'other';
      fails(new TradingError('DESK_BUSY', word, { severity: 'retryable', remedy: '' }));
      await pass(30_000);
    }
    expect(notices).toHaveLength(3);
    // What shows it says each in its turn.
    expect(log.filter((line) => line.startsWith('still'))).toEqual(
      ['one', 'other', 'one', 'other', 'one', 'other'].map((word) => `still a: DESK_BUSY: ${word}.`),
    );
    for (let turn = 0; turn < 20; turn++) {
      fails(new TradingError('DESK_BUSY', `request ${turn}`, { severity: 'retryable', remedy: '' }));
      await pass(30_000);
    }
    expect(notices).toHaveLength(6);
    await pass(900_000);
    expect(notices.slice(6).map(({ message }) => message)).toEqual([expect.stringContaining('request 19')]);
  });

  it('are told again where the same cause is known to last', async () => {
    const { away, begin, fails, notices, pass } = scene();
    away.take(A, RETRYABLE);
    fails(new TradingError('DESK_BUSY', 'no login now', { severity: 'fatal', remedy: '' }));
    begin();
    await pass(2_000);
    expect(notices.at(-1)?.message).toContain('every 15 minutes');
  });

  it('are no alarm while they are away by plan', async () => {
    const { away, begin, fails, notices, pass, plan } = scene();
    away.take(A, RETRYABLE);
    plan();
    begin();
    await pass(1_000);
    expect(notices.map(({ level }) => level)).toEqual(['info']);
    // The plan does not explain a password that is refused.
    fails(FATAL);
    await pass(2_000);
    expect(notices.map(({ level }) => level)).toEqual(['info', 'alarm']);
  });

  it('are not opened before what failed is closed', async () => {
    const { away, begin, pass, hold, tried } = scene();
    const close = hold();
    away.take(A, RETRYABLE);
    begin();
    await pass(3_000);
    expect(tried).toEqual([]);
    close();
    await pass(2_000);
    expect(tried).toEqual([4_000]);
  });

  it('are left alone once the run is over, and feeds that have joined are closed with it', async () => {
    const { away, begin, fails, log, notices, pass, tried } = scene();
    away.take(DATA, RETRYABLE);
    fails(undefined);
    begin();
    await pass(1_500);
    expect(notices.at(-1)?.code).toBe('ENGINE_PART_JOINED');
    await away.close();
    expect([log, tried]).toEqual([['close data', 'close data'], [1_000]]);
    const other = scene();
    other.away.take(A, RETRYABLE);
    other.begin();
    other.away.stop();
    await other.pass(5_000);
    expect(other.tried).toEqual([]);
  });
});
