import { setMaxListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import { SetClock } from '../../set-clock.fixture.js';
import { HistoryPacer, type PacedRequest } from './history-pacer.js';

const request = (fields: Partial<PacedRequest> = {}): PacedRequest => ({
  ...{ key: String(Math.random()), series: String(Math.random()), weight: 1, isSmall: true },
  ...fields,
});
const { signal } = new AbortController();
setMaxListeners(0, signal);

/** Asks for all at once; when each was let through, with a second's wait for the answer to each. */
async function timesOf(requests: readonly PacedRequest[], isAnswered = true): Promise<readonly number[]> {
  const clock = new FakeClock(0);
  const pacer = new HistoryPacer(clock);
  const times: number[] = [];
  requests.forEach((wanted, i) => {
    void pacer.acquire(wanted, signal).then((release) => {
      times[i] = clock.nowUtc();
      if (isAnswered) clock.callAt(clock.nowUtc() + 1_000, release);
    });
  });
  for (let turn = 0; turn < 4_000; turn += 1) {
    await Promise.resolve();
    clock.advance(500);
  }
  return times;
}

describe('24. Requests for history', () => {
  it('are at most 60 in ten minutes', async () => {
    const times = await timesOf(Array.from({ length: 70 }, () => request()));
    expect(times.filter((at) => at < 600_000)).toHaveLength(60);
    expect(times.slice(60).every((at) => at === 601_000)).toBe(true);
  });

  it('count twice for bid and ask, and not at all for long bars', async () => {
    const times = await timesOf([
      ...Array.from({ length: 31 }, () => request({ weight: 2 })),
      ...Array.from({ length: 5 }, () => request({ isSmall: false })),
    ]);
    expect(times.filter((at) => at === 601_000)).toHaveLength(1);
    expect(times.slice(31)).toEqual([0, 0, 0, 0, 0]);
  });

  it('of long histories leave a third to short ones', async () => {
    const long = Array.from({ length: 50 }, () => request({ isLong: true }));
    const short = Array.from({ length: 25 }, () => request());
    const times = await timesOf([...long, ...short]);
    expect(times.slice(0, 50).filter((at) => at < 60_000)).toHaveLength(40);
    expect(times.slice(50).filter((at) => at < 60_000)).toHaveLength(20);
  });

  it('are not the same within 15 s, and at most five of one contract in 2 s', async () => {
    expect(await timesOf([request({ key: 'a' }), request({ key: 'a' }), request()])).toEqual([0, 16_000, 0]);
    const series = Array.from({ length: 11 }, () => request({ series: 'AAPL SMART TRADES' }));
    expect(await timesOf(series)).toEqual([0, 0, 0, 0, 0, 3_000, 3_000, 3_000, 3_000, 3_000, 6_000]);
  });

  it('are at most 50 at a time', async () => {
    const times = await timesOf(
      Array.from({ length: 55 }, () => request({ isSmall: false })),
      false,
    );
    expect(Object.keys(times)).toHaveLength(50);
  });

  it('are patient behind 50 that are not answered yet, for as long as they said', async () => {
    const clock = new FakeClock(0);
    const pacer = new HistoryPacer(clock);
    const releases = await Promise.all(
      Array.from({ length: 50 }, () => pacer.acquire(request({ isSmall: false }), signal)),
    );
    const code = (error: unknown): unknown => isTradingError(error) && error.code;
    const ask = (): Promise<unknown> => pacer.acquire(request({ patienceMs: 60_000 }), signal).catch(code);
    const [first, second] = [ask(), ask()];
    clock.advance(59_999);
    releases[0]!();
    expect(typeof (await first)).toBe('function');
    clock.advance(1);
    expect(await second).toBe('IBKR_HISTORY_NOT_AVAILABLE');
  });

  it('do without where the wait is longer than they are patient', async () => {
    const clock = new FakeClock(0);
    const pacer = new HistoryPacer(clock);
    await pacer.acquire(request({ key: 'a' }), signal);
    const code = (error: unknown): unknown => isTradingError(error) && error.code;
    const patient = pacer.acquire(request({ key: 'a', patienceMs: 16_000 }), signal);
    const impatient = pacer.acquire(request({ key: 'a', patienceMs: 15_999 }), signal).catch(code);
    expect(await impatient).toBe('IBKR_HISTORY_NOT_AVAILABLE');
    clock.advance(16_000);
    await patient;
    // Behind it, the same request is another 16 s away.
    expect(await pacer.acquire(request({ key: 'a', patienceMs: 10_000 }), signal).catch(code)).toBe(
      'IBKR_HISTORY_NOT_AVAILABLE',
    );
  });

  it('end when nobody waits any more', async () => {
    const clock = new FakeClock(0);
    const pacer = new HistoryPacer(clock);
    const abort = new AbortController();
    await pacer.acquire(request({ key: 'a' }), signal);
    const waiting = pacer.acquire(request({ key: 'a' }), abort.signal);
    abort.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
    await expect(pacer.acquire(request(), abort.signal)).rejects.toThrow('over');
    expect(clock.pendingCalls).toBe(0);
  });

  it('wait for no more than the limit where the clock was set back, and for no less', async () => {
    const clock = new SetClock();
    const pacer = new HistoryPacer(clock);
    const series = 'AAPL SMART TRADES';
    for (let count = 0; count < 5; count += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      (await pacer.acquire(request({ series }), signal))();
    }
    clock.set(-3_600_000);
    let lets = 0;
    void pacer.acquire(request({ series, patienceMs: 3_000 }), signal).then(() => (lets += 1));
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    clock.advance(2_999);
    await turn();
    expect(lets).toBe(0);
    // Set back once more while it waits: whoever asks next finds out, and the whole limit counts from there.
    clock.set(-3_600_000);
    await pacer.acquire(request(), signal);
    clock.advance(3_000);
    await turn();
    expect(lets).toBe(1);
  });

  it('never break a limit, whatever is asked', async () => {
    const arbitrary = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      series: fc.constantFrom('x', 'y'),
      weight: fc.constantFrom(1, 2),
      isSmall: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(arbitrary, { maxLength: 80 }), async (requests) => {
        const times = await timesOf(requests);
        const sent = requests.map((wanted, i) => ({ ...wanted, at: times[i] ?? Number.POSITIVE_INFINITY }));
        for (const { at, key, series } of sent.filter((one) => one.at < Number.POSITIVE_INFINITY)) {
          const within = (ms: number): typeof sent => sent.filter((other) => other.at >= at && other.at < at + ms);
          const weight = within(600_000).reduce((sum, other) => sum + (other.isSmall ? other.weight : 0), 0);
          expect(weight).toBeLessThanOrEqual(60);
          expect(within(15_000).filter((other) => other.key === key)).toHaveLength(1);
          expect(within(2_000).filter((other) => other.series === series).length).toBeLessThanOrEqual(5);
        }
      }),
      { numRuns: 20 },
    );
  });
});
