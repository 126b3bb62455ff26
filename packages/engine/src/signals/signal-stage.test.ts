import { type Feature, MINUTE_MS, type SignalAnswer, type SignalContext } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { feedStream, instrumentOf, Scene, type SceneStrategy, START, strategyOf } from '../kernel/kernel.fixture.js';
import { failureOf } from './strategy-failure.js';

const twoSymbols = { instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB' })] };

/** A feature that throws whenever it is broken. */
function featureOf(isBroken: () => boolean): Feature {
  return {
    name: 'broken',
    warmup: 1,
    outputs: ['value'],
    column: () => [],
    create: () => ({
      update: () => {
        if (isBroken()) throw new Error('no numbers today');
      },
      reset: () => {},
      save: () => [],
      load: () => {},
    }),
  };
}

/** A strategy that counts its calls. */
function counting(answer?: SignalAnswer): { calls: SignalContext[]; strategy: SceneStrategy } {
  const calls: SignalContext[] = [];
  const onBar = (context: SignalContext): SignalAnswer => {
    calls.push({ ...context, ts: context.ts, symbol: context.symbol } as SignalContext);
    return answer;
  };
  return { calls, strategy: { onBar } };
}

describe('strategies are asked', () => {
  it('once an instant, however many of their bars close', () => {
    const { calls, strategy } = counting();
    const scene = new Scene({ ...twoSymbols, strategies: [strategy] });
    scene.bars();
    scene.bars();
    expect(calls.map((call) => [call.ts, call.symbol])).toEqual([
      [START + MINUTE_MS, 'AAA'],
      [START + 2 * MINUTE_MS, 'AAA'],
    ]);
  });

  it('in the order of engine.yaml, whatever stream closes first', () => {
    const order: string[] = [];
    const named = (name: string, instrument: number): SceneStrategy => ({
      name,
      instruments: [instrument],
      streams: [[instrument]],
      onBar: () => void order.push(name),
    });
    const scene = new Scene({ ...twoSymbols, strategies: [named('first', 1), named('second', 0), named('third', 1)] });
    scene.bars();
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('about bars of the first timeframe only; larger ones are there when they close together', () => {
    const seen: (readonly number[])[] = [];
    const onBar = (context: SignalContext): void => void seen.push([context.ts, context.window('AAA', 1).length]);
    const streams = [feedStream(0), feedStream(0, 2 * MINUTE_MS)];
    const scene = new Scene({ streams, strategies: [{ streams: [[0], [1]], onBar, definition: strategyOf(onBar) }] });
    const large = (ts: number): void => scene.driver.bar(scene.barEvent({ streamIndex: 1, ts, price: 100 }));
    const small = (ts: number): void => scene.driver.bar(scene.barEvent({ streamIndex: 0, ts, price: 100 }));
    small(START);
    small(START + MINUTE_MS);
    large(START);
    // No trade in the fourth minute: the large bar closes alone and asks nobody.
    small(START + 2 * MINUTE_MS);
    large(START + 2 * MINUTE_MS);
    scene.driver.advanceTo(START + 5 * MINUTE_MS);
    expect(seen).toEqual([
      [START + 2 * MINUTE_MS, 1],
      [START + 3 * MINUTE_MS, 1],
    ]);
  });

  it('not before every stream has given the bars they need', () => {
    const { calls } = counting();
    const definition = strategyOf((context) => void calls.push(context), { warmup: 3 });
    const scene = new Scene({ strategies: [{ definition }] });
    for (let i = 1; i <= 4; i++) {
      scene.bars();
      expect(calls).toHaveLength(Math.max(0, i - 2));
    }
  });

  it('not by warm-up bars, which fill windows all the same', () => {
    const lengths: number[] = [];
    const scene = new Scene({ strategies: [{ onBar: ({ bars }) => void lengths.push(bars.length) }] });
    for (let i = 0; i < 3; i++) {
      scene.driver.bar(scene.barEvent({ streamIndex: 0, ts: scene.now + i * MINUTE_MS, price: 90, isWarmup: true }));
    }
    scene.now += 3 * MINUTE_MS;
    scene.bars();
    expect(lengths).toEqual([4]);
    expect(scene.listener.marks).toHaveLength(1);
  });

  it('although another strategy takes a warm-up bar at the same instant', () => {
    const asked: string[] = [];
    const named = (name: string, instrument: number): SceneStrategy => ({
      name,
      instruments: [instrument],
      streams: [[instrument]],
      onBar: () => void asked.push(name),
    });
    const scene = new Scene({ ...twoSymbols, strategies: [named('live', 0), named('warming', 1)] });
    scene.driver.bar(scene.barEvent({ streamIndex: 0, ts: START, price: 100 }));
    scene.driver.bar(scene.barEvent({ streamIndex: 1, ts: START, price: 100, isWarmup: true }));
    scene.driver.advanceTo(START + MINUTE_MS);
    expect(asked).toEqual(['live']);
  });

  it('by declared times not before trading starts', () => {
    const times: number[] = [];
    const options = { times: ['close-5m'], onTime: ({ ts }: SignalContext) => void times.push(ts) };
    const day = 24 * 60 * MINUTE_MS;
    const scene = new Scene({
      tradeFrom: START + day,
      strategies: [{ definition: strategyOf(() => undefined, options) }],
    });
    scene.driver.bar(scene.barEvent({ streamIndex: 0, ts: START, price: 90, isWarmup: true }));
    scene.now = START + day;
    scene.bars();
    scene.driver.advanceTo(START + 2 * day);
    expect(times).toEqual([START + 2 * day - 5 * MINUTE_MS]);
  });
});

describe('answers', () => {
  it('nothing changes nothing, a record changes the symbols it names', () => {
    const scene = new Scene(twoSymbols);
    scene.answer({ AAA: 1, BBB: -0.5 });
    expect([scene.held(0), scene.held(1)]).toEqual([100, -50]);
    scene.answer(undefined);
    scene.answer({});
    scene.answer({ BBB: { units: 20 } });
    expect([scene.held(0), scene.held(1)]).toEqual([100, 20]);
    expect(scene.venue.sent).toHaveLength(3);
  });

  it('take shares, units and weights', () => {
    const scene = new Scene();
    scene.answer({ units: -30 });
    expect(scene.held()).toBe(-30);
    scene.answer({ weight: 0.25 });
    expect(scene.held()).toBe(2_500);
    scene.answer({ share: 0.5 });
    expect(scene.held()).toBe(50);
  });

  it('hold their units until they change or ask to rebalance', () => {
    const scene = new Scene();
    scene.answer({ weight: 0.1 }, 100);
    scene.answer({ weight: 0.1 }, 50);
    expect(scene.held()).toBe(1_000);
    scene.answer({ weight: 0.1, rebalance: true }, 50);
    expect(scene.held()).toBe(1_900);
  });

  it('of a new entry price cancel and send again, even from one object that changes', () => {
    const answer = { units: 100, entry: { limit: 99 } };
    const scene = new Scene();
    scene.answer(answer);
    answer.entry.limit = 98;
    scene.answer(answer);
    expect(scene.venue.log).toEqual(['submit 1 buy 100 limit 99 entry', 'cancel 1', 'submit 2 buy 100 limit 98 entry']);
    scene.answer(answer);
    expect(scene.venue.log).toHaveLength(3);
  });

  it('of an entry price between two steps round away from the market', () => {
    const scene = new Scene();
    scene.answer({ units: 100, entry: { limit: 99.2 } });
    expect(scene.venue.sent[0]?.limitPrice).toBe(99);
    scene.answer({ units: -100, entry: { limit: 101.1 } });
    expect(scene.venue.sent[1]?.limitPrice).toBe(101.25);
  });

  it('that sizing refuses wait, and are told', () => {
    let isKnown = false;
    const sizer = {
      size: () =>
        isKnown
          ? ({ kind: 'sized', units: 10.9 } as const)
          : ({ kind: 'refused', reason: 'ATR_UNKNOWN', message: 'x' } as const),
    };
    const scene = new Scene({ strategies: [{ sizer }] });
    scene.answer(1);
    isKnown = true;
    scene.answer(1);
    expect(scene.held()).toBe(0);
    expect(scene.listener.refusals.map((refusal) => refusal.reason)).toEqual(['ATR_UNKNOWN']);
    scene.answer(0.5);
    expect(scene.held()).toBe(10);
  });

  it.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a share above 1', 1.01],
    ['a share below -1', { share: -1.5 }],
    ['two measures', { share: 1, units: 5 }],
    ['a price that is none', { units: 5, entry: { limit: Number.NaN } }],
    ['a trail of zero', { units: 5, protect: { trail: 0 } }],
    ['a symbol it does not declare', { ZZZ: 1 }],
    ['NaN for a symbol', { AAA: Number.NaN }],
    ['null', null],
    ['null for a symbol', { AAA: null }],
    ['text', 'long'],
    ['true', true],
    ['a list', []],
    ['a promise', Promise.resolve(1)],
  ])('that are %s stop the strategy', (_, answer) => {
    const scene = new Scene({ strategies: [{}, { name: 'other' }] });
    scene.answers[1] = 1;
    scene.answer(answer as SignalAnswer);
    expect(scene.runner.status).toBe('failed');
    expect(scene.notices.filter((notice) => notice.level === 'alarm')).toHaveLength(1);
    expect([scene.held(0), scene.held(1)]).toEqual([0, 100]);
    scene.answer(1);
    expect(scene.held(0)).toBe(0);
  });
});

describe('a strategy that throws', () => {
  it('is stopped: entries are cancelled, protection stays, others go on, and the notice has no stack', () => {
    let isBroken = false;
    const onBar = (): SignalAnswer => {
      if (isBroken) throw new TypeError('cannot read the tea leaves');
      return { units: 100, entry: { limit: 99 }, protect: { stop: 90 } };
    };
    const scene = new Scene({ strategies: [{ onBar }, { name: 'other' }] });
    scene.bars();
    scene.report((venue) => venue.filled(venue.sent[0]!, { qty: 40 }));
    isBroken = true;
    scene.answer(-1, 100, 1);
    expect(scene.slot.entries).toEqual([]);
    expect(scene.slot.protection.map((order) => order.qty)).toEqual([40]);
    expect([scene.held(0), scene.held(1)]).toEqual([40, -100]);
    const notice = scene.notices.find((each) => each.code === 'STRATEGY_THREW')!;
    expect(notice.message).toContain("'s0' threw: cannot read the tea leaves.");
    expect(JSON.stringify(notice)).not.toMatch(/\bat \S+.*:\d+|\.ts|TypeError/);
    expect(notice.details['strategy']).toBe('s0');
  });

  it.each([undefined, null, 'text', { message: 'odd' }])('whatever it throws (%p)', (thrown) => {
    const onBar = (): SignalAnswer => {
      throw thrown;
    };
    const scene = new Scene({ strategies: [{ onBar }] });
    scene.bars();
    expect(scene.codes()).toEqual(['STRATEGY_THREW']);
  });

  it('in a feature is stopped and told once; the others go on, and a person can start it anew', () => {
    let isBroken = false;
    const definition = {
      ...strategyOf(() => ({ units: 100, protect: { stop: 90 } })),
      features: () => ({ broken: featureOf(() => isBroken) }),
    };
    const scene = new Scene({ strategies: [{ definition }, { name: 'other' }] });
    scene.bars();
    isBroken = true;
    scene.answer(1, 100, 1);
    scene.bars();
    expect([scene.runner.status, scene.held(0), scene.held(1)]).toEqual(['failed', 100, 100]);
    expect(scene.slot.protection).toHaveLength(1);
    expect(scene.notices.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(/^STRATEGY_THREW .*'s0' threw in a feature: no numbers today\./),
    ]);
    isBroken = false;
    scene.command('start', { name: 's0' });
    scene.bars();
    expect(scene.runner.status).toBe('running');
  });

  it('is known by what it was about, beside a notice that has the same words everywhere', () => {
    const failed = (strategy: SceneStrategy): readonly unknown[] => {
      const scene = new Scene({ ...twoSymbols, strategies: [strategy] });
      scene.bars();
      return scene.notices.map((notice) => [failureOf(notice)?.symbol, Object.keys(notice)]);
    };
    const fields = ['ts', 'level', 'code', 'message', 'details'];
    let updates = 0;
    const broken = { ...strategyOf(() => 1), features: () => ({ broken: featureOf(() => ++updates === 2) }) };
    expect(failed({ definition: broken })).toEqual([['BBB', fields]]);
    expect(failed({ onBar: () => ({ BBB: Number.NaN }) })).toEqual([['BBB', fields]]);
    expect(failed({ onBar: () => Number.NaN })).toEqual([['AAA', fields]]);
  });

  it('as its first state is made anew is stopped, by a gap as by a start', () => {
    let made = 0;
    const definition = {
      ...strategyOf(() => 1, { gapToleranceMs: 0 }),
      state: () => {
        if (made++ > 0) throw new Error('no state');
        return {};
      },
    };
    const scene = new Scene({ strategies: [{ definition }, { name: 'other' }] });
    const status = { ts: 0, feed: 'feed', reason: '', message: '' };
    scene.driver.event({ kind: 'feed-status', at: scene.now, status: { ...status, state: 'disconnected' } });
    scene.now += MINUTE_MS;
    scene.driver.event({ kind: 'feed-status', at: scene.now, status: { ...status, state: 'live' } });
    scene.command('start', { name: 's0' });
    scene.answer(1, 100, 1);
    expect([scene.runner.status, scene.held(0), scene.held(1)]).toEqual(['failed', 0, 100]);
    const told = scene.notices.filter(({ code }) => code === 'STRATEGY_THREW');
    expect(told).toHaveLength(2);
    expect(told[0]?.message).toContain('threw as it began anew: no state.');
  });

  it('in onTime, onReset or onStop does not stop the engine', () => {
    const fail = (): never => {
      throw new Error('no');
    };
    const status = { ts: 0, feed: 'feed', reason: '', message: '' };
    const timed = new Scene({
      start: START + 60_000,
      strategies: [{ definition: strategyOf(() => 1, { times: ['close-23h'], onTime: fail }) }],
    });
    timed.bars();
    timed.driver.advanceTo(START + 3_600_000);
    const reset = new Scene({
      strategies: [{ definition: strategyOf(() => 1, { gapToleranceMs: 0, onReset: fail }) }],
    });
    reset.bars();
    reset.driver.event({ kind: 'feed-status', at: reset.now, status: { ...status, state: 'disconnected' } });
    reset.now += 1;
    reset.driver.event({ kind: 'feed-status', at: reset.now, status: { ...status, state: 'live' } });
    reset.bars();
    for (const scene of [timed, reset])
      expect([scene.runner.status, scene.codes().filter((code) => !code.startsWith('FEED_'))]).toEqual([
        'failed',
        ['STRATEGY_THREW'],
      ]);
    const stopped = new Scene({ strategies: [{ definition: strategyOf(() => 1, { onStop: fail }) }] });
    stopped.command('stop', { name: 's0' });
    expect([stopped.runner.status, stopped.codes()]).toEqual(['stopped', ['STRATEGY_THREW']]);
  });
});

describe('a sizer that throws', () => {
  it('refuses: the position stays, the strategy runs on, and going flat asks no sizer', () => {
    let isBroken = false;
    const sizer = {
      size: () => {
        if (isBroken) throw new Error('no size');
        return { kind: 'sized', units: 50 } as const;
      },
    };
    const scene = new Scene({ strategies: [{ sizer }] });
    scene.answer(1);
    isBroken = true;
    scene.answer(0.5);
    expect([scene.held(), scene.runner.status, scene.codes()]).toEqual([50, 'running', []]);
    expect(scene.listener.refusals.map(({ reason }) => reason)).toEqual(['SIZER_THREW']);
    scene.answer(0);
    expect(scene.held()).toBe(0);
  });
});

describe('a gap', () => {
  const gap = (scene: Scene, ms: number, feed = 'feed', symbol?: string): void => {
    const status = { ts: 0, feed, reason: 'OUTAGE', message: '', ...(symbol === undefined ? {} : { symbol }) };
    scene.driver.event({ kind: 'feed-status', at: scene.now, status: { ...status, state: 'disconnected' } });
    scene.now += ms;
    scene.driver.event({ kind: 'feed-status', at: scene.now, status: { ...status, state: 'live' } });
  };
  const tolerant = (calls: string[]): SceneStrategy => ({
    definition: strategyOf(({ state }) => void calls.push(`bar ${JSON.stringify(state)}`), {
      warmup: 2,
      gapToleranceMs: 10_000,
      onReset: (_, { from, to }) => void calls.push(`reset ${to - from}`),
    }),
  });

  it('beyond the tolerance resets: warm-up again, then onReset once, before the next answer', () => {
    const calls: string[] = [];
    const scene = new Scene({ strategies: [tolerant(calls)] });
    scene.bars();
    scene.bars();
    gap(scene, 10_000);
    scene.bars();
    gap(scene, 10_001);
    for (let i = 0; i < 3; i++) scene.bars();
    expect(calls).toEqual(['bar {}', 'bar {}', 'reset 10001', 'bar {}', 'bar {}']);
  });

  it('of another feed, or of a symbol it does not trade, is not its own', () => {
    const calls: string[] = [];
    const scene = new Scene({ strategies: [tolerant(calls)] });
    scene.bars();
    gap(scene, 60_000, 'other');
    gap(scene, 60_000, 'feed', 'ZZZ');
    scene.bars();
    expect(calls).toEqual(['bar {}']);
    gap(scene, 60_000, 'feed', 'AAA');
    scene.bars();
    scene.bars();
    expect(calls.at(-2)).toBe('reset 60000');
  });
});
