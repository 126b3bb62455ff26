import { describe, expect, it, jest } from '@jest/globals';
import type { Venue, VenueSink } from '@bookrunner/sdk';
import { anInstrument, FakeClock, PaperVenue } from '@bookrunner/sdk/testing';
import type { OrderRecord } from '../../execution/order-record.js';
import type { KernelEvent } from '../../kernel/event.js';
import { BrokerInbox } from './broker-inbox.js';
import { BrokerLine } from './broker-line.js';
import { OpeningSink } from './opening-sink.js';
import { ReopenableVenue } from './reopenable-venue.js';

const INSTRUMENT = anInstrument();

/** A broker whose line is opened again and again; the test says how each instance of its plugin opens. */
function scene(opens: readonly ((sink: VenueSink, venue: PaperVenue) => Promise<void>)[]) {
  const clock = new FakeClock(1_000);
  const made: PaperVenue[] = [];
  const sinks: VenueSink[] = [];
  const make = (): Venue => {
    const venue = new PaperVenue({ instruments: [INSTRUMENT], clock, account: 'U1' });
    const open = venue.open.bind(venue);
    const place = made.push(venue) - 1;
    venue.open = (sink) => {
      sinks.push(sink);
      return opens[place]?.(sink, venue) ?? open(sink);
    };
    return venue;
  };
  const events: KernelEvent[] = [];
  const inbox = new BrokerInbox((error) => {
    throw error;
  });
  const line = new BrokerLine({
    broker: { name: 'ib', accounts: [{ name: 'main', id: 'U1', isExclusive: true }] },
    venue: new ReopenableVenue(make(), make),
    ...{ clock, inbox, log: { debug() {}, info() {}, warn() {}, error() {} } as never, mask: (text) => text },
    limits: { callMs: 1_000, snapshotMs: 1_000, skewMs: 1_000 },
    deliver: (make) => {
      const event = make(clock.nowUtc());
      if (event !== undefined) events.push(event);
    },
    notify: () => {},
  });
  const states = (): readonly string[] =>
    events.flatMap((event) => (event.kind === 'venue-status' ? [event.status.state] : []));
  return { clock, events, inbox, line, made, sinks, states };
}

const refused = (): Promise<void> => Promise.reject(new Error('refused'));

describe('a broker that joins a run', () => {
  it('is heard once it has been looked at, all it has said and in order', async () => {
    const { inbox, line, states } = scene([refused]);
    await expect(line.open()).rejects.toThrow('refused');
    await line.leave();
    line.away('not there');
    inbox.open();
    expect(states()).toEqual(['disconnected']);
    let heardBefore: readonly string[] = [];
    await line.join(() => {
      heardBefore = states();
      return Promise.resolve();
    });
    expect([heardBefore, states()]).toEqual([['disconnected'], ['disconnected', 'ready']]);
  });

  it('has the run hear that it is away, also where that is said before the run begins and it is closed then', async () => {
    const { inbox, line, states } = scene([refused]);
    await line.open().catch(() => {});
    line.away('not there');
    await line.leave();
    inbox.open();
    expect(states()).toEqual(['disconnected']);
  });

  it('is asked what is there though an instance that was given up owes an answer', async () => {
    const owes = (sink: VenueSink, venue: PaperVenue): Promise<void> => {
      venue.snapshot = () => new Promise(() => {});
      sink.status({ ts: 0, venue: '', state: 'ready', reason: '', message: '' });
      return Promise.resolve();
    };
    const { inbox, line, made, events } = scene([refused, owes]);
    await line.open().catch(() => line.leave());
    line.away('not there');
    inbox.open();
    await line.join(() => Promise.resolve());
    line.query(1);
    line.away('given up');
    await line.leave();
    await line.join(() => Promise.resolve());
    line.query(2);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(made).toHaveLength(3);
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'venue-snapshot', query: 2, snapshot: expect.anything() }),
    );
  });

  it('is not heard where it is not what the run needs, nor what it says late', async () => {
    const { inbox, line, sinks, states } = scene([refused]);
    await line.open().catch(() => line.leave());
    line.away('not there');
    inbox.open();
    await expect(line.join(() => Promise.reject(new Error('other terms')))).rejects.toThrow('other terms');
    await line.leave();
    sinks[1]?.status({ ts: 0, venue: '', state: 'ready', reason: '', message: '' });
    expect(states()).toEqual(['disconnected']);
    await line.join(() => Promise.resolve());
    expect(states()).toEqual(['disconnected', 'ready']);
    // One that was given up may open after all.
    sinks[1]?.status({ ts: 0, venue: '', state: 'disconnected', reason: '', message: '' });
    expect(states()).toEqual(['disconnected', 'ready']);
  });

  it('is void from before the run where it was open, and was given up then', async () => {
    const { inbox, line, made, states } = scene([]);
    await line.open();
    const leaving = line.leave();
    line.away('does not tell its instruments');
    await leaving;
    inbox.open();
    expect([states(), made]).toEqual([['disconnected'], [expect.anything()]]);
    expect(line.view()).toMatchObject({ state: 'disconnected', message: 'does not tell its instruments' });
  });

  it('is given up where it does not open, and closed where it does so late', async () => {
    jest.useFakeTimers();
    try {
      let opened = (): void => {};
      const hangs = (): Promise<void> => new Promise((resolve) => (opened = resolve));
      const { inbox, line, made, states } = scene([refused, hangs]);
      await line.open().catch(() => line.leave());
      line.away('not there');
      inbox.open();
      const joining = line.join(() => Promise.resolve()).catch((error: unknown) => error);
      await jest.advanceTimersByTimeAsync(30_000);
      expect(await joining).toMatchObject({ code: 'PLUGIN_OPEN_TIMEOUT' });
      await line.leave();
      let closings = 0;
      (made[1] as PaperVenue).close = () => Promise.resolve(void (closings += 1));
      opened();
      await jest.advanceTimersByTimeAsync(0);
      expect([closings, states()]).toEqual([1, ['disconnected']]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is heard in order, also in what it says meanwhile', () => {
    const said: string[] = [];
    const status = (state: 'ready' | 'disconnected') => ({ ts: 0, venue: 'ib', state, reason: '', message: '' });
    const sink: OpeningSink = new OpeningSink(
      {
        status: ({ state }) => {
          said.push(state);
          if (state === 'ready') sink.status(status('disconnected'));
        },
        ...{ account: () => void said.push('account'), report: () => {}, heartbeat: () => {} },
      },
      { isHeld: true },
    );
    sink.status(status('ready'));
    sink.account({} as never);
    sink.hear();
    expect(said).toEqual(['ready', 'account', 'disconnected']);
  });

  it('is sent nothing, and asked nothing, before it has been looked at', async () => {
    const { inbox, line, made, events } = scene([refused]);
    await line.open().catch(() => line.leave());
    line.away('not there');
    inbox.open();
    const order = { clientOrderId: 'a', symbol: INSTRUMENT.symbol, status: 'pending-cancel' } as OrderRecord;
    const asked: string[] = [];
    const look = async (what: string): Promise<void> => {
      const venue = made[1] as PaperVenue;
      venue.cancel = () => {
        asked.push(`cancel ${what}`);
        return Promise.resolve({ kind: 'sent' });
      };
      venue.snapshot = () => {
        asked.push(`snapshot ${what}`);
        return Promise.reject(new Error('asked'));
      };
      line.orders.cancel(order);
      line.query(1);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    };
    await line.join(() => look('while it is looked at'));
    expect(asked).toEqual([]);
    expect(events).toContainEqual(expect.objectContaining({ report: 'cancel-rejected', reason: 'BROKER_NOT_OPEN' }));
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'venue-snapshot', query: 1, message: expect.stringContaining('not open') }),
    );
    await look('once it has joined');
    expect(asked).toEqual(['cancel once it has joined', 'snapshot once it has joined']);
  });

  it('is opened again where it has failed before it was heard', async () => {
    const fails = async (sink: VenueSink): Promise<void> => {
      sink.status({ ts: 0, venue: '', state: 'ready', reason: '', message: '' });
      await Promise.resolve();
      sink.status({ ts: 0, venue: '', state: 'failed', reason: 'BANNED', message: '' });
    };
    const { inbox, line, states } = scene([refused, fails]);
    await line.open().catch(() => line.leave());
    line.away('not there');
    inbox.open();
    await expect(line.join(() => Promise.resolve())).rejects.toMatchObject({ code: 'BROKER_FAILED' });
    expect(states()).toEqual(['disconnected']);
  });

  it('is away again where what it has said cannot be used at all', async () => {
    const babbles = (sink: VenueSink): Promise<void> => {
      sink.status({ ts: 0, venue: '', state: 'ready', reason: '', message: '' });
      return Promise.resolve(sink.report(null as never));
    };
    const { inbox, line, states } = scene([refused, babbles]);
    await line.open().catch(() => line.leave());
    line.away('not there');
    inbox.open();
    await expect(line.join(() => Promise.resolve())).rejects.toThrow();
    expect([states(), line.view().state]).toEqual([['disconnected', 'ready', 'disconnected'], 'disconnected']);
  });

  it('says why it is still away, and nothing of what an earlier instance was', async () => {
    const { line } = scene([]);
    await line.open();
    line.heartbeat({ ts: 0, source: 'ib', ok: true, latencyMs: 3 });
    line.away('not there');
    line.stillAway('other terms');
    expect(line.view()).toMatchObject({ state: 'disconnected', message: 'other terms', heartbeatAt: null });
  });

  it('is not joined to a run that is over', async () => {
    const { inbox, line, states } = scene([refused]);
    await line.open().catch(() => line.leave());
    line.away('not there');
    inbox.open();
    await expect(line.join(() => line.close())).rejects.toMatchObject({ code: 'BROKER_NOT_OPEN' });
    expect(states()).toEqual(['disconnected']);
  });
});
