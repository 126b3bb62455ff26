import { MINUTE_MS, type SignalContext } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import type { BackfillEvent } from './event.js';
import {
  builtStream,
  feedStream,
  instrumentOf,
  Scene,
  type SceneOptions,
  START,
  strategyOf,
} from './kernel.fixture.js';

function tell(scene: Scene, stage: BackfillEvent['stage']): void {
  const at = scene.now;
  scene.driver.event({ kind: 'backfill', at, stage, symbols: ['AAA'] });
}

/** A scene whose strategy writes down the starts of the bars it is asked about. */
function watched(options: SceneOptions, asked: number[]): Scene {
  const onBar = ({ bar }: SignalContext): undefined => void asked.push((bar.ts - START) / MINUTE_MS);
  return new Scene({ ...options, strategies: [{ definition: strategyOf(onBar) }] });
}

describe('a bar made of ready bars that come late, as over a link', () => {
  /** Two-minute bars of ready one-minute bars, and those of them that closed: minute, closing price, second of the decision. */
  const linked = (options: SceneOptions = {}): { scene: Scene; bars: (readonly number[])[] } => {
    const bars: (readonly number[])[] = [];
    const onBar = ({ bar, ts }: SignalContext): undefined =>
      void bars.push([(bar.ts - START) / MINUTE_MS, bar.close, (ts - START) / 1_000]);
    const streams = [feedStream(0), builtStream(0, 2 * MINUTE_MS, 0)];
    const strategies = [{ definition: strategyOf(onBar), streams: [[1]] }];
    return { scene: new Scene({ barGraceMs: 5_000, ...options, streams, strategies }), bars };
  };
  const arrive = (scene: Scene, minute: number, at: number): void => {
    scene.driver.bar({
      ...scene.barEvent({ streamIndex: 0, ts: START + minute * MINUTE_MS, price: 100 + minute }),
      at,
    });
    scene.driver.advanceTo(at);
  };
  const endOf = (minute: number): number => START + (minute + 1) * MINUTE_MS;

  it('closes when the last of them has come, with it', () => {
    const { scene, bars } = linked();
    for (let minute = 0; minute < 4; minute++) arrive(scene, minute, endOf(minute) + 300);
    expect(bars).toEqual([
      [0, 101, 120.3],
      [2, 103, 240.3],
    ]);
  });

  it('closes without it after the grace, also on a restored kernel', () => {
    const { scene, bars } = linked();
    arrive(scene, 0, endOf(0) + 300);
    const next = linked();
    next.scene.kernel.restore(structuredClone(scene.kernel.snapshot()));
    for (const each of [{ scene, bars }, { ...next }]) {
      each.scene.driver.advanceTo(endOf(1) + 4_999);
      expect(each.bars).toEqual([]);
      each.scene.driver.advanceTo(endOf(1) + 5_000);
      expect(each.bars).toEqual([[0, 100, 125]]);
      arrive(each.scene, 2, endOf(2) + 300);
      arrive(each.scene, 3, endOf(3) + 300);
      expect(each.bars[1]).toEqual([2, 103, 240.3]);
    }
  });

  it('closes after the close delay where that is longer', () => {
    const { scene, bars } = linked({ closeDelayMs: 8_000 });
    arrive(scene, 0, endOf(0) + 300);
    arrive(scene, 1, endOf(1) + 300);
    scene.driver.advanceTo(endOf(1) + 8_000);
    expect(bars).toEqual([[0, 101, 128]]);
  });

  it('does not close before its delay where it ends in a gap that is over by then', () => {
    const { scene, bars } = linked({ closeDelayMs: 500 });
    arrive(scene, 0, endOf(0) + 500);
    scene.now = endOf(1) + 100;
    tell(scene, 'hold');
    tell(scene, 'fill');
    scene.now += 100;
    scene.driver.advanceTo(scene.now);
    const bar = scene.barEvent({ streamIndex: 0, ts: START + MINUTE_MS, price: 101, isWarmup: true });
    scene.driver.past({ ...bar, at: bar.endTs });
    tell(scene, 'release');
    scene.driver.advanceTo(endOf(1) + 499);
    expect(bars).toEqual([]);
    scene.driver.advanceTo(endOf(1) + 500);
    expect(bars).toEqual([[0, 101, 120.5]]);
  });

  it('is not closed without it by the end of a gap either', () => {
    const { scene, bars } = linked();
    arrive(scene, 0, endOf(0) + 300);
    scene.now = endOf(1) + 100;
    scene.driver.advanceTo(scene.now);
    tell(scene, 'hold');
    tell(scene, 'fill');
    tell(scene, 'release');
    arrive(scene, 1, endOf(1) + 900);
    expect(bars).toEqual([[0, 101, 120.9]]);
  });
});

describe('an instrument that is held', () => {
  it('keeps the bar under way open until the past has made it whole, and asks about the newest bar once', () => {
    const asked: number[] = [];
    const scene = watched({ streams: [builtStream(0)] }, asked);
    scene.tick(START + 10_000, 100);
    tell(scene, 'hold');
    scene.now = START + 4.5 * MINUTE_MS;
    scene.driver.advanceTo(scene.now);
    expect([asked, scene.kernel.parts.market.streams[0]?.window.length]).toEqual([[], 0]);
    tell(scene, 'fill');
    for (const [at, price] of [
      [50_000, 90],
      [70_000, 110],
      [200_000, 120],
    ] as const) {
      const ts = START + at;
      const unknown = { bidSize: Number.NaN, askSize: Number.NaN, last: Number.NaN, size: Number.NaN };
      scene.driver.past({
        ...{ kind: 'tick', at: ts, ts, recvTs: ts, instrumentIndex: 0, symbol: 'AAA', venue: '', ...unknown },
        ...{ bid: price, ask: price },
      });
    }
    tell(scene, 'release');
    scene.driver.advanceTo(scene.now);
    const window = scene.kernel.parts.market.streams[0]?.window;
    expect(asked).toEqual([3]);
    expect([0, 1, 2].map((ago) => [window?.close(ago), window?.low(ago)])).toEqual([
      [120, 120],
      [110, 110],
      [90, 90],
    ]);
    expect(scene.venue.sent).toEqual([]);
    scene.tick(scene.now + 1_000, 130);
    scene.driver.advanceTo(START + 5 * MINUTE_MS);
    expect(asked).toEqual([3, 4]);
  });

  it('is worth what the newest of its rows says, whichever of them come first', () => {
    const scene = watched({ streams: [feedStream(0), builtStream(0)] }, []);
    for (let minute = 0; minute < 3; minute++) scene.bars(100 + minute);
    const again = scene.fresh();
    again.kernel.restore(structuredClone(scene.kernel.snapshot()));
    again.now = scene.now;
    for (const each of [scene, again]) {
      const { market } = each.kernel.parts;
      const pastTick = (seconds: number, price: number): void => {
        const ts = START + seconds * 1_000;
        const unknown = { bidSize: Number.NaN, askSize: Number.NaN, last: Number.NaN, size: Number.NaN };
        each.driver.past({
          ...{ kind: 'tick', at: ts, ts, recvTs: ts, instrumentIndex: 0, symbol: 'AAA', venue: '', ...unknown },
          ...{ bid: price, ask: price },
        });
      };
      const pastBar = (minute: number, price: number): void => {
        const bar = each.barEvent({ streamIndex: 0, ts: START + minute * MINUTE_MS, price, isWarmup: true });
        each.driver.past({ ...bar, at: bar.endTs });
      };
      tell(each, 'hold');
      tell(each, 'fill');
      pastTick(65, 80);
      expect(market.instruments[0]?.price).toBe(102);
      pastTick(200, 90);
      expect(market.instruments[0]?.price).toBe(90);
      pastBar(2, 70);
      expect(market.instruments[0]?.price).toBe(90);
      pastBar(3, 95);
      expect(market.instruments[0]?.price).toBe(95);
    }
  });

  it('goes on from a snapshot as it was', () => {
    const asked: number[] = [];
    const options = { streams: [feedStream(0)] };
    const scene = watched(options, asked);
    scene.bars();
    tell(scene, 'hold');
    tell(scene, 'fill');
    const past = (target: Scene, minute: number): void => {
      const bar = target.barEvent({ streamIndex: 0, ts: START + minute * MINUTE_MS, price: 100, isWarmup: true });
      target.driver.past(bar);
    };
    past(scene, 1);
    const next = watched(options, asked);
    next.kernel.restore(scene.kernel.snapshot());
    next.now = START + 3 * MINUTE_MS;
    past(next, 2);
    expect(next.kernel.snapshot().held).toEqual({ instruments: [0], filling: [0], unasked: [0] });
    tell(next, 'release');
    next.driver.advanceTo(next.now);
    expect([asked, next.kernel.snapshot().held]).toEqual([[0, 2], undefined]);
  });

  it('is waited for by a strategy on other symbols too, which then hears of their bars', () => {
    const asked: unknown[] = [];
    const onBar = ({ ts, closed }: SignalContext): undefined =>
      void asked.push([(ts - START) / MINUTE_MS, closed('AAA'), closed('BBB')]);
    const scene = new Scene({
      instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB' })],
      streams: [feedStream(0), feedStream(1)],
      strategies: [{ definition: strategyOf(onBar), instruments: [0, 1], streams: [[0, 1]] }],
    });
    scene.bars();
    tell(scene, 'fill');
    scene.now += MINUTE_MS;
    scene.driver.bar(scene.barEvent({ streamIndex: 1, ts: START + MINUTE_MS, price: 100 }));
    scene.driver.advanceTo(scene.now);
    expect(asked).toEqual([[1, true, true]]);
    scene.now += 10_000;
    tell(scene, 'release');
    scene.driver.advanceTo(scene.now);
    expect(asked.slice(1)).toEqual([[2 + 10 / 60, false, true]]);
  });

  it('postpones declared times while history is asked, and loses none', () => {
    const times: number[] = [];
    const onTime = ({ ts }: SignalContext): undefined => void times.push((ts - START) / MINUTE_MS);
    const start = START + 21 * 60 * MINUTE_MS;
    const scene = new Scene({
      ...{ start, calendar: '24x5', streams: [feedStream(0)] },
      strategies: [{ definition: strategyOf(() => undefined, { times: ['open+5m'], onTime }) }],
    });
    scene.bars();
    const [minute] = [scene.now];
    const begin = times.length;
    tell(scene, 'fill');
    scene.now = minute + 30 * MINUTE_MS;
    scene.driver.advanceTo(scene.now);
    expect(times).toHaveLength(begin);
    const again = new Scene({
      ...{ start, calendar: '24x5', streams: [feedStream(0)] },
      strategies: [{ definition: strategyOf(() => undefined, { times: ['open+5m'], onTime }) }],
    });
    again.kernel.restore(scene.kernel.snapshot());
    again.now = scene.now;
    for (const one of [scene, again]) {
      tell(one, 'release');
      one.driver.advanceTo(one.now);
    }
    const late = (scene.now - START) / MINUTE_MS;
    expect(times.slice(begin)).toEqual([late, late]);
  });
});
