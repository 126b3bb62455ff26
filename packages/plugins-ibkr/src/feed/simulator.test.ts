// Behaviours of a feed against the simulated gateway, over sockets; numbers as in the list of behaviours of an IB adapter.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { RecordingFeedSink } from '@bookrunner/sdk/testing';
import type { SimulatorOptions } from '../simulator/model/simulator-options.js';
import { quotesOf, statesOf, tradesOf } from './feed-bench.fixture.js';
import type { IbkrFeedOptions } from './feed-options.js';
import type { IbkrFeed } from './ibkr-feed.js';
import { AAPL, EURUSD, MSFT, SimulatorBench } from './simulator-feed.fixture.js';

// Sockets, on machines with other work.
jest.setTimeout(120_000);

/** Ids of messages of TWS. */
const [REQUEST_BOOK, CANCEL_BOOK, REQUEST_TICKS, CANCEL_TICKS] = ['1', '2', '97', '98'];

const open: SimulatorBench[] = [];
afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
});

/** A feed that has subscribed AAPL, whose market has no quote yet. */
async function bench(
  options: Partial<IbkrFeedOptions> = {},
  simulator: SimulatorOptions = {},
): Promise<SimulatorBench> {
  const made = await SimulatorBench.ready(options, simulator);
  open.push(made);
  made.model.quote('AAPL', { bid: -1, ask: -1 });
  made.model.quote('MSFT', { bid: -1, ask: -1 });
  await made.feed.subscribe([AAPL], made.sink);
  await made.settle();
  return made;
}

const event = (bid: number): { bid: number; ask: number; last: number } => ({ bid, ask: bid + 0.01, last: bid });

describe('8. A line to IB that was lost', () => {
  it('1101: everything is asked for again exactly once, and data goes on', async () => {
    const scene = await bench();
    await scene.feed.subscribe([MSFT, EURUSD], scene.sink);
    await scene.settle();
    scene.publish('AAPL', event(100));
    await scene.settle();
    const before = scene.asked(REQUEST_BOOK);
    scene.sim.faults.connectivity.loseUpstream({ repeats: 5 });
    await scene.settle();
    scene.publish('AAPL', event(101));
    await scene.settle();
    scene.sim.faults.connectivity.restoreUpstream({ isDataLost: true });
    await scene.settle(8);
    expect(scene.asked(REQUEST_BOOK) - before).toBe(3);
    scene.publish('AAPL', event(102));
    await scene.settle();
    // What stands when the line is back is told as it stands; what came between is for history.
    expect(quotesOf(scene.sink).filter(([bid]) => (bid ?? 0) > 50)).toEqual(
      [100, 101, 102].map((bid) => [bid, bid + 0.01]),
    );
    expect(statesOf(scene.sink)).toEqual(['* disconnected IBKR_UPSTREAM_LOST', '* live']);
  });

  it('1102: what was kept goes on without being asked for', async () => {
    const scene = await bench();
    const before = scene.asked(REQUEST_BOOK);
    scene.sim.faults.connectivity.loseUpstream();
    await scene.settle();
    scene.sim.faults.connectivity.restoreUpstream();
    await scene.settle();
    scene.publish('AAPL', event(100));
    await scene.settle();
    expect([scene.asked(REQUEST_BOOK) - before, quotesOf(scene.sink)]).toEqual([0, [[100, 100.01]]]);
  });

  it('a connection that was cut: new ids, each once, and no row of the old ones', async () => {
    const scene = await bench();
    await scene.feed.subscribe([MSFT], scene.sink);
    await scene.settle();
    const ids = (): readonly string[] => ['AAPL', 'MSFT'].map((symbol) => scene.requestId(REQUEST_BOOK, symbol));
    const [before, old] = [scene.asked(REQUEST_BOOK), ids()];
    for (const how of ['rst', 'fin'] as const) {
      scene.sim.faults.cut(how);
      await scene.until(() => scene.gateway.state === 'disconnected', 10);
      await scene.until(() => scene.gateway.state === 'up');
      await scene.settle();
    }
    expect(scene.asked(REQUEST_BOOK) - before).toBe(4);
    expect(ids().some((id) => old.includes(id))).toBe(false);
    const lost = '* disconnected IBKR_NOT_CONNECTED';
    expect(statesOf(scene.sink)).toEqual([lost, '* live', lost, '* live']);
  });
});

describe('9. A farm that flaps', () => {
  it('2103 to 2104: stale, then away, the session untouched, asked for again once', async () => {
    const scene = await bench();
    await scene.feed.subscribe([EURUSD], scene.sink);
    await scene.settle();
    const before = scene.asked(REQUEST_BOOK);
    scene.sim.faults.connectivity.breakFarm('market-data', 'usfarm');
    await scene.settle();
    expect(statesOf(scene.sink)).toEqual(['AAPL stale IBKR_FARM_BROKEN']);
    scene.clock.advance(3_000);
    scene.sim.faults.connectivity.mendFarm('market-data', 'usfarm');
    await scene.settle();
    scene.publish('AAPL', event(100));
    await scene.settle();
    expect(statesOf(scene.sink, 1)).toEqual(['AAPL disconnected IBKR_FARM_BROKEN', 'AAPL live']);
    expect([scene.asked(REQUEST_BOOK) - before, scene.asked('71'), scene.gateway.state]).toEqual([1, 1, 'up']);
    expect(quotesOf(scene.sink)).toContainEqual([100, 100.01]);
  });
});

describe('25. The type of market data', () => {
  it('delayed data is asked for where there is no live data, and told as delayed', async () => {
    const scene = await bench({ marketData: 'delayed-if-needed' }, { dataPermission: 'delayed' });
    scene.publish('AAPL', event(100));
    await scene.settle();
    expect(statesOf(scene.sink)).toEqual(['AAPL delayed IBKR_DATA_DELAYED']);
    expect([quotesOf(scene.sink), tradesOf(scene.sink)]).toEqual([[[100, 100.01]], [100]]);
  });

  it('without any permission it fails, by name, and nothing is delivered', async () => {
    const strict = await bench({}, { dataPermissions: { AAPL: 'none' } });
    strict.publish('AAPL', event(100));
    await strict.settle();
    expect([statesOf(strict.sink), strict.sink.rows]).toEqual([['AAPL failed IBKR_DATA_NOT_SUBSCRIBED'], []]);
  });

  it('that switches by itself is followed: live, delayed, live', async () => {
    const scene = await bench();
    scene.model.knobs.permitData('AAPL', 'delayed');
    scene.publish('AAPL', event(100));
    await scene.settle();
    expect([statesOf(scene.sink), scene.sink.rows]).toEqual([['AAPL stale IBKR_DATA_DELAYED'], []]);
    scene.model.knobs.permitData('AAPL', 'live');
    scene.publish('AAPL', event(101));
    await scene.settle();
    expect(statesOf(scene.sink, 1)).toEqual(['AAPL live']);
    expect(quotesOf(scene.sink).at(-1)).toEqual([101, 101.01]);
  });

  it('halts, and trades again', async () => {
    const scene = await bench();
    scene.model.halt('AAPL', 2);
    await scene.settle();
    scene.model.halt('AAPL', 0);
    await scene.settle();
    expect(statesOf(scene.sink)).toEqual(['AAPL halted IBKR_DATA_HALTED', 'AAPL live']);
  });

  it('10197: data of another session is stale, and recovers', async () => {
    const scene = await bench();
    scene.model.knobs.competeForData(true);
    await scene.settle();
    expect(statesOf(scene.sink)).toEqual(['AAPL stale IBKR_DATA_COMPETING']);
    scene.model.knobs.competeForData(false);
    scene.publish('AAPL', event(100));
    await scene.settle();
    expect(statesOf(scene.sink, 1)).toEqual(['AAPL live']);
  });
});

describe('26. Too much tick-by-tick data', () => {
  it('falls back to the top of book; a slot that becomes free is free', async () => {
    const scene = await bench({ quotes: 'tick-by-tick' }, { tickByTickLimit: 1 });
    const other = new RecordingFeedSink();
    const second = await scene.feed.subscribe([MSFT], other);
    await scene.settle();
    expect(statesOf(other)).toEqual(['MSFT live IBKR_DATA_LIMIT']);
    scene.publish('AAPL', event(100));
    scene.publish('MSFT', event(200));
    await scene.settle();
    expect([quotesOf(scene.sink), quotesOf(other)]).toEqual([[[100, 100.01]], [[200, 200.01]]]);
    expect(scene.asked(REQUEST_TICKS)).toBe(2);
    await second.close();
    await scene.settle();
    expect([scene.asked(CANCEL_BOOK, scene.requestId(REQUEST_BOOK, 'MSFT')), scene.asked(CANCEL_TICKS)]).toEqual([
      1, 0,
    ]);
  });

  it('after an outage waits until IB allows it again, on the top of book', async () => {
    const scene = await bench({ quotes: 'tick-by-tick' });
    scene.sim.faults.cut();
    await scene.until(() => scene.gateway.state === 'disconnected', 10);
    await scene.until(() => scene.gateway.state === 'up');
    await scene.settle();
    scene.publish('AAPL', event(100));
    await scene.settle();
    const asked = scene.asked(REQUEST_TICKS);
    scene.clock.advance(16_000);
    await scene.settle();
    scene.publish('AAPL', event(101));
    await scene.settle();
    expect([asked, scene.asked(REQUEST_TICKS)]).toEqual([1, 2]);
    expect(quotesOf(scene.sink)).toEqual([
      [100, 100.01],
      [101, 101.01],
    ]);
    expect(statesOf(scene.sink)).toEqual(['* disconnected IBKR_NOT_CONNECTED', '* live']);
  });

  it('a slot or a line that becomes free is taken by who was refused one', async () => {
    const limits = { tickByTickLimit: 1, marketDataLines: 2 };
    const scene = await SimulatorBench.ready({ quotes: 'tick-by-tick' }, limits);
    open.push(scene);
    const [first, second, third] = [AAPL, MSFT, EURUSD].map((instrument) => ({
      sink: new RecordingFeedSink(),
      instrument,
    }));
    const subscription = await scene.feed.subscribe([first!.instrument], first!.sink);
    for (const { instrument, sink } of [second!, third!]) {
      await scene.during(scene.feed.subscribe([instrument], sink), 100);
    }
    await scene.settle(6);
    expect(statesOf(second!.sink)).toEqual(['MSFT live IBKR_DATA_LIMIT']);
    expect(statesOf(third!.sink)).toContain('EURUSD failed IBKR_DATA_LIMIT');
    await subscription.close();
    // Not before IB takes the same request again.
    scene.clock.advance(16_000);
    await scene.settle(6);
    scene.publish('MSFT', event(200));
    scene.publish('EUR.USD', { bid: 1.1, ask: 1.1001, last: Number.NaN });
    await scene.settle();
    expect(statesOf(third!.sink).at(-1)).toMatch('EURUSD live');
    expect(quotesOf(third!.sink)).toContainEqual([1.1, 1.1001]);
    expect(quotesOf(second!.sink).at(-1)).toEqual([200, 200.01]);
    // The quote of MSFT came tick by tick: its time is in whole seconds.
    expect(second!.sink.rows.at(-2)!.ts % 1_000).toBe(0);
  });
});

describe('28. A stream with strange messages', () => {
  it('goes on after a listener that throws, unknown messages, trailing fields and frames cut anywhere', async () => {
    const scene = await bench();
    const throwing = new RecordingFeedSink();
    throwing.tick = () => {
      throw new Error('a sink never throws, and this one does');
    };
    await scene.feed.subscribe([AAPL], throwing);
    scene.sim.faults.settings.framing = { kind: 'pieces', maxPieceBytes: 7 };
    scene.publish('AAPL', event(100));
    await scene.settle();
    scene.sim.faults.sendRaw(['4711', '1', 'x']);
    scene.sim.faults.set({ kind: 'extra-fields', on: 'tickPrice', times: 'all', fields: ['more', 'than', 'known'] });
    scene.publish('AAPL', event(101));
    await scene.settle();
    expect(quotesOf(scene.sink)).toEqual([
      [100, 100.01],
      [101, 101.01],
    ]);
    const { rejected } = (scene.feed as IbkrFeed).counters;
    expect([scene.gateway.state, rejected > 0]).toEqual(['up', true]);
  });
});

describe('31. The daily restart', () => {
  it('ends with live data, each subscription asked for once on the new connection', async () => {
    const scene = await bench();
    await scene.feed.subscribe([MSFT, EURUSD], scene.sink);
    await scene.settle();
    scene.publish('AAPL', event(100));
    await scene.settle();
    const before = scene.asked(REQUEST_BOOK);
    await scene.during(scene.sim.faults.dailyRestart(), 1_000);
    await scene.until(() => scene.gateway.state === 'up', 1_000);
    await scene.settle(6);
    scene.publish('AAPL', event(101));
    await scene.settle();
    const connections = new Set(scene.sim.transcript.entries.map(({ connection }) => connection)).size;
    expect(connections).toBeGreaterThan(1);
    const books = scene.sim.transcript.entries.filter(
      ({ direction, fields }) => direction === 'in' && fields[0] === REQUEST_BOOK,
    );
    const last = books.filter(({ connection }) => connection === books.at(-1)!.connection);
    // Once when it was up, and once more for the farm that flapped: what was asked for again was ended first.
    const ended = scene.sim.transcript.entries.filter(
      ({ direction, fields, connection }) =>
        direction === 'in' && fields[0] === CANCEL_BOOK && connection === books.at(-1)!.connection,
    );
    expect([last.length - ended.length, scene.asked(REQUEST_BOOK) > before]).toEqual([3, true]);
    expect(quotesOf(scene.sink).filter(([bid]) => (bid ?? 0) > 50)).toEqual([
      [100, 100.01],
      [101, 101.01],
    ]);
    expect(statesOf(scene.sink).at(-1)).toMatch('live');
  });
});
