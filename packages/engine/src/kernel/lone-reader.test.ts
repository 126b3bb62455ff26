import { type CommandName, type Feature, HOUR_MS, MINUTE_MS, type SignalAnswer } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { feedStream, instrumentOf, Scene, type SceneStrategy, START, strategyOf } from './kernel.fixture.js';

/** Ten minutes before a day ends. */
const FROM = START + 24 * HOUR_MS - 10 * MINUTE_MS;
const THROWS = 'throws';

/** What both strategies answer, or a command before the bar. */
interface Step {
  readonly quarter: number;
  readonly answer: SignalAnswer | typeof THROWS;
  readonly command: readonly [CommandName, object] | undefined;
  /** The second instrument has no bar at this instant. */
  readonly isAlone: boolean;
}

const price = fc.integer({ min: 380, max: 420 });
const answers: fc.Arbitrary<Step['answer']> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<SignalAnswer>(undefined, 0, 0.5, 1, -1) },
  {
    weight: 3,
    arbitrary: fc.record({ units: fc.integer({ min: -200, max: 200 }), protect: fc.constant({ stop: 90 }) }),
  },
  { weight: 2, arbitrary: fc.record({ units: fc.constant(100), entry: fc.constant({ limit: 99 }) }) },
  { weight: 1, arbitrary: fc.constantFrom<Step['answer']>(THROWS, Number.NaN, 2) },
);
const commands = fc.constantFrom<readonly [CommandName, object]>(
  ['stop', { name: 's0' }],
  ['start', { name: 's0' }],
  ['start', { name: 's1' }],
  ['halt', {}],
  ['resume', {}],
  ['reduce-only', {}],
  ['panic', {}],
);
const steps = fc.array(
  fc.record<Step>({
    quarter: price,
    answer: answers,
    command: fc.option(commands, { nil: undefined, freq: 6 }),
    isAlone: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);

/** A feature that throws at one price. */
const brittle: Feature = {
  name: 'brittle',
  outputs: ['value'],
  warmup: 1,
  column: ({ close }) => [Float64Array.from(close)],
  create: () => ({
    update: (bar, out, offset) => {
      if (bar.close === 96) throw new Error('too brittle');
      out[offset] = bar.close;
    },
    reset: () => {},
    save: () => [],
    load: () => {},
  }),
};

function sceneOf(script: { answer: Step['answer'] }): Scene {
  const strategy = (index: number, isBrittle: boolean): SceneStrategy => {
    const onBar = (): SignalAnswer => {
      if (script.answer === THROWS) throw new Error('no idea');
      return script.answer as SignalAnswer;
    };
    const definition = strategyOf(onBar, { warmup: 2 });
    return {
      instruments: [index],
      streams: [[index]],
      definition: isBrittle ? { ...definition, features: () => ({ brittle }) } : definition,
      policy: { check: () => ({ kind: 'approve' }), onState: ({ dayPnlBps }) => (dayPnlBps < -5 ? HALT : undefined) },
    };
  };
  return new Scene({
    start: FROM,
    tradeFrom: FROM + MINUTE_MS,
    instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB' })],
    streams: [feedStream(0), feedStream(1)],
    strategies: [strategy(0, true), strategy(1, false)],
  });
}

const HALT = { reason: 'LOST', message: 'too much', until: 'next-day' } as const;

/** Plays the steps; without `hasShortWay` every bar goes the long way. */
function play(script: readonly Step[], hasShortWay: boolean): Scene {
  const now: { answer: Step['answer'] } = { answer: undefined };
  const scene = sceneOf(now);
  for (const stream of scene.kernel.parts.market.streams) {
    expect(stream.loneReader).toBeDefined();
    if (!hasShortWay) stream.loneReader = undefined;
  }
  for (const { quarter, answer, command, isAlone } of script) {
    now.answer = answer;
    if (command !== undefined) scene.command(...command);
    const ts = scene.now;
    scene.now += MINUTE_MS;
    const isWarmup = ts < FROM + MINUTE_MS;
    const events = [0, 1]
      .slice(0, isAlone ? 1 : 2)
      .map((streamIndex) => scene.barEvent({ streamIndex, ts, price: (quarter + streamIndex) / 4, isWarmup }));
    if (!isWarmup) for (const event of events) scene.driver.barOpen(event.streamIndex, event);
    events.forEach((event, place) =>
      scene.driver.barClose(place, { ...event, isLast: !isWarmup && place === events.length - 1 }),
    );
  }
  scene.driver.advanceTo(scene.now);
  return scene;
}

describe('the short way of a bar that one strategy reads', () => {
  it('leads where the long way does', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const [short, long] = [play(script, true), play(script, false)];
        expect(short.kernel.hash()).toBe(long.kernel.hash());
        expect(short.listener.marks).toEqual(long.listener.marks);
        expect(short.notices).toEqual(long.notices);
        expect(short.venue.log).toEqual(long.venue.log);
        expect(short.kernel.snapshot()).toEqual(long.kernel.snapshot());
      }),
      { numRuns: 300 },
    );
  });
});

describe('who is a lone reader', () => {
  it.each<[string, ConstructorParameters<typeof Scene>[0]]>([
    ['two strategies read the stream', { strategies: [{}, {}] }],
    ['the strategy reads two instruments', { instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB' })] }],
    ['nobody reads it', { streams: [feedStream(0), feedStream(0, 5 * MINUTE_MS)], strategies: [{ streams: [[1]] }] }],
  ])('nobody where %s', (_, options) => {
    const [stream] = new Scene(options).kernel.parts.market.streams;
    expect(stream?.loneReader).toBeUndefined();
  });
});
