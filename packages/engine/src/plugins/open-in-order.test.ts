import { describe, expect, it, jest } from '@jest/globals';
import { TradingError } from '@bookrunner/sdk';
import { openInOrder } from './open-in-order.js';
import type { AwayPart, Openable } from './open-in-order.js';
import { bootFailures } from './plugin-project.fixture.js';

function parts(log: string[]) {
  return (name: string, faults: Partial<Openable> = {}): Openable => ({
    name,
    open: async () => {
      log.push(`open ${name}`);
    },
    close: async () => {
      log.push(`close ${name}`);
    },
    ...faults,
  });
}

const never = (): Promise<void> => new Promise(() => undefined);

describe('openInOrder', () => {
  it('opens feeds, venues, then controls, and closes in reverse, once', async () => {
    const log: string[] = [];
    const part = parts(log);
    const opened = await openInOrder(
      { controls: [part('http')], venues: [part('ib')], feeds: [part('a'), part('b')] },
      { timeoutMs: 1000, afterVenues: async () => void log.push('reconcile') },
    );
    expect(log).toEqual(['open a', 'open b', 'open ib', 'reconcile', 'open http']);
    log.length = 0;
    expect(await Promise.all([opened.close(), opened.close()])).toEqual([[], []]);
    expect(log).toEqual(['close http', 'close ib', 'close b', 'close a']);
  });

  it('collects the failures of a group, closes what was tried and goes no further', async () => {
    const log: string[] = [];
    const part = parts(log);
    const fails = part('ct', { open: () => Promise.reject(new Error('refused\nstack of token-123')) });
    const hangs = part('ib', { open: never });
    const failures = await bootFailures(
      openInOrder(
        { feeds: [part('a')], venues: [fails, hangs, part('ok')], controls: [part('http')] },
        { timeoutMs: 10, mask: (text) => text.replace('refused', '***') },
      ),
    );
    expect(failures.map(({ code, path, message }) => [code, path, message])).toEqual([
      ['PLUGIN_OPEN_FAILED', 'venues.ct', "venue 'ct' did not open: ***."],
      ['PLUGIN_OPEN_TIMEOUT', 'venues.ib', "venue 'ib' did not open within 10 ms."],
    ]);
    expect(log).toEqual(['open a', 'open ok', 'close ok', 'close ib', 'close ct', 'close a']);
  });

  it('does without parts that cannot be opened for now, where whoever is asked agrees, and leaves them to that', async () => {
    const log: string[] = [];
    const part = parts(log);
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const gone = (name: string): Openable => part(name, { open: () => Promise.reject(away) });
    const all = { feeds: [gone('a'), part('b')], venues: [part('ib'), gone('ct')], controls: [part('http')] };
    const asked: (readonly (readonly string[])[])[] = [];
    const mayDoWithout = (is: boolean) => (which: readonly AwayPart[]) => {
      asked.push(which.map(({ group, name, failure }) => [group, name, failure.code]));
      return is;
    };
    const opened = await openInOrder(all, { timeoutMs: 1000, mayDoWithout: mayDoWithout(true) });
    expect(asked).toEqual([
      [
        ['feeds', 'a', 'PLUGIN_OPEN_FAILED'],
        ['venues', 'ct', 'PLUGIN_OPEN_FAILED'],
      ],
    ]);
    await opened.close();
    expect(log).toEqual(['open b', 'open ib', 'open http', 'close http', 'close ib', 'close b']);
    log.length = 0;
    const refused = openInOrder(all, { timeoutMs: 1000, mayDoWithout: mayDoWithout(false) });
    expect((await bootFailures(refused)).map(({ path }) => path)).toEqual(['feeds.a', 'venues.ct']);
    expect(log).toEqual(['open b', 'open ib', 'close ct', 'close ib', 'close b', 'close a']);
    // What no time mends is no reason to go on, whatever else is away.
    const wrong = { ...all, venues: [part('ib', { open: () => Promise.reject(new Error('wrong')) })] };
    const failed = openInOrder(wrong, { timeoutMs: 1000, mayDoWithout: mayDoWithout(true) });
    expect((await bootFailures(failed)).map(({ path }) => path)).toEqual(['feeds.a', 'venues.ib']);
    expect(asked).toHaveLength(2);
  });

  it('waits 10 s for a part that it may do without once a venue is open, and opens venues 2 s after a feed that hangs', async () => {
    jest.useFakeTimers();
    try {
      const log: string[] = [];
      const part = parts(log);
      let away: readonly AwayPart[] = [];
      const options = { timeoutMs: 30_000, mayDoWithout: (parts: typeof away) => (away = parts).length > 0 };
      const feeds = [part('a'), part('b', { open: never })];
      const opening = openInOrder({ feeds, venues: [part('ib'), part('ct', { open: never })] }, options);
      await jest.advanceTimersByTimeAsync(1_900);
      expect(log).toEqual(['open a']);
      await jest.advanceTimersByTimeAsync(100);
      expect(log).toEqual(['open a', 'open ib']);
      await jest.advanceTimersByTimeAsync(10_000);
      await opening;
      expect(away.map(({ failure: { message } }) => message)).toEqual([
        "feed 'b' did not open within 10000 ms after a venue was open.",
        "venue 'ct' did not open within 10000 ms after a venue was open.",
      ]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('ends by what stopped it, though a feed had failed for good while a venue was opening', async () => {
    jest.useFakeTimers();
    try {
      const log: string[] = [];
      const part = parts(log);
      const stop = new AbortController();
      const slow = (): Promise<void> => new Promise((_, reject) => setTimeout(() => reject(new Error('wrong')), 3_000));
      const feeds = [part('a', { open: slow })];
      const options = { timeoutMs: 30_000, mayDoWithout: () => true, signal: stop.signal };
      const opening = openInOrder({ feeds, venues: [part('ib', { open: never })] }, options);
      const ended = opening.catch((error: unknown) => error);
      await jest.advanceTimersByTimeAsync(4_000);
      stop.abort('SIGTERM');
      await jest.advanceTimersByTimeAsync(0);
      expect(await ended).toBe('SIGTERM');
      expect(log).toEqual(['close ib', 'close a']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('says what a part says of itself: its code, its words, its remedy', async () => {
    const part = parts([]);
    const cause = new TradingError('ACCOUNT_UNKNOWN', 'the login manages U1, and not token-123', {
      severity: 'fatal',
      remedy: 'Compare token-123 with the login.',
    });
    const failures = await bootFailures(
      openInOrder(
        { venues: [part('ib', { open: () => Promise.reject(cause) })] },
        { timeoutMs: 10, mask: (text) => text.replace('token-123', '***') },
      ),
    );
    expect(failures).toEqual([
      {
        ...{ phase: 'open', code: 'ACCOUNT_UNKNOWN', path: 'venues.ib', remedy: 'Compare *** with the login.' },
        message: "venue 'ib' did not open: the login manages U1, and not ***.",
      },
    ]);
  });

  it('closes everything when reconciliation fails', async () => {
    const log: string[] = [];
    const part = parts(log);
    const opening = openInOrder(
      { feeds: [part('a')], venues: [part('v')], controls: [part('http')] },
      { timeoutMs: 1000, afterVenues: () => Promise.reject(new Error('books differ')) },
    );
    await expect(opening).rejects.toThrow('books differ');
    expect(log).toEqual(['open a', 'open v', 'close v', 'close a']);
  });

  it('goes on without an optional part', async () => {
    const log: string[] = [];
    const part = parts(log);
    const optional = part('tg', {
      isOptional: true,
      open: () => {
        throw new Error('no network');
      },
    });
    const opened = await openInOrder({ controls: [optional, part('http')] }, { timeoutMs: 1000 });
    expect(opened.warnings).toMatchObject([{ code: 'PLUGIN_OPEN_FAILED', path: 'controls.tg' }]);
    expect(log).toEqual(['open http', 'close tg']);
    await opened.close();
    expect(log).toEqual(['open http', 'close tg', 'close http']);
  });

  it('reports what does not close, and closes the rest', async () => {
    const log: string[] = [];
    const part = parts(log);
    const opened = await openInOrder(
      {
        feeds: [part('a')],
        venues: [part('v', { close: never }), part('w', { close: () => Promise.reject(new Error('torn')) })],
      },
      { timeoutMs: 10 },
    );
    expect((await opened.close()).map((failure) => failure.message)).toEqual([
      "venue 'w' did not close: torn.",
      "venue 'v' did not close within 10 ms.",
    ]);
    expect(log).toEqual(['open a', 'open v', 'open w', 'close a']);
  });
});
