import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { Bench } from '../bench.fixture.js';
import { AAPL, aLimit, aMarket } from '../model/gateway-bench.fixture.js';
import { ModelKnobs } from '../model/model-knobs.js';
import { SimulatedGateway } from '../model/simulated-gateway.js';
import type { FaultRule } from '../server/fault-rules.js';
import { startTwsSimulator } from '../start-tws-simulator.js';
import { checkCall, signatureOf } from './check-call.js';
import type { CallArguments } from './check-call.js';
import { CONNECTIVITY_CALLS, FAULT_CALLS } from './fault-calls.js';
import { GATEWAY_CALLS } from './gateway-calls.js';
import { KNOB_CALLS } from './knob-calls.js';
import { nearestName } from './nearest-name.js';

type Call = (...values: readonly unknown[]) => unknown;

/** The error that a call ends with, as an operator reads it. */
function errorOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (isTradingError(error)) return error.toOperatorText();
    throw error;
  }
  return 'no error';
}

function callOf(target: object, name: string): Call {
  return (...values) => (target as Record<string, Call>)[name]!(...values);
}

function aRestingOrder() {
  const bench = aMarket();
  const orderId = bench.client.place(AAPL, aLimit(99, { totalQuantity: 30 }));
  const { permId } = bench.gateway.truth().orders[0]!;
  bench.client.clear();
  return { ...bench, orderId, permId };
}

describe('knobs', () => {
  it('all have their arguments checked', () => {
    const methods = Object.getOwnPropertyNames(ModelKnobs.prototype).filter((name) => name !== 'constructor');
    expect(Object.keys(KNOB_CALLS).toSorted()).toEqual(methods.toSorted());
  });

  it('fill nothing where the units are missing', () => {
    const { gateway, client, knobs, permId, orderId } = aRestingOrder();
    const before = gateway.truth();
    expect(errorOf(() => callOf(knobs, 'fillOrder')(permId))).toBe(
      'SIMULATOR_CALL: knobs.fillOrder(name, units, price?): units is missing. Nothing was changed. ' +
        'Correct the call: docs/tws-simulator.md and docs/tws-simulator-gateway.md have the arguments, units and defaults of each.',
    );
    expect(errorOf(callOf(knobs, 'fillBeforeNextCancel'))).toContain('fillBeforeNextCancel(units): units is missing');
    expect(gateway.truth()).toEqual(before);
    client.ask({ kind: 'cancelOrder', orderId, manualOrderCancelTime: '' } as never);
    expect(client.last('orderStatus')?.status).toBe('Cancelled');
  });

  it('say what is wrong with every other argument', () => {
    const { knobs, permId } = aRestingOrder();
    const told = (name: string, ...values: readonly unknown[]) => errorOf(() => callOf(knobs, name)(...values));
    expect(told('fillOrder', permId, 0.00001)).toContain('0.00001 is less than the size increment of AAPL');
    expect(told('fillOrder', permId, -1)).toContain('units: Too small');
    expect(told('fillOrder', permId, 1, Number.NaN)).toContain('price: ');
    expect(told('fillOrder', 'x', 1)).toContain('name: has to be a permId, or { clientId, orderId }');
    expect(told('fillOrder', 7, 1)).toMatch(/^SIMULATOR_UNKNOWN: The simulator knows no order 7\. /);
    expect(told('permitData', 'NONE', 'live')).toMatch(/^SIMULATOR_UNKNOWN: /);
    expect(told('deposit', 'DU9', 1, 'USD')).toContain("no account 'DU9'; it manages DU1234567");
    expect(told('sayCommissions', 'nothing')).toContain('said: Invalid option');
    expect(told('correctExecution', 'none', { prize: 1 })).toContain('change: Unrecognized key: "prize"');
  });

  it('fill no more than is left, and correct nothing that was busted', () => {
    const { knobs, permId } = aRestingOrder();
    const [execId] = knobs.fillOrder(permId, 1000);
    expect(errorOf(() => knobs.fillOrder(permId, 1))).toContain(`order ${permId} has nothing left to fill`);
    knobs.bustExecution(execId!);
    for (const again of [() => knobs.bustExecution(execId!), () => knobs.correctExecution(execId!, { price: 98 })])
      expect(errorOf(again)).toContain('was busted before');
  });

  it('place orders by hand of which only what is unusual is said', () => {
    const { knobs, gateway } = aRestingOrder();
    const permId = knobs.placeByHand({ symbol: 'AAPL' }, { action: 'BUY', totalQuantity: 5 });
    expect(gateway.truth().orders.at(-1)).toMatchObject({ permId, status: 'Filled', filled: 5, clientId: 0 });
    const before = gateway.truth();
    expect(errorOf(() => knobs.placeByHand({ symbol: 'NONE' }, { action: 'BUY', totalQuantity: 5 }))).toContain(
      '200 No',
    );
    expect(
      errorOf(() => knobs.placeByHand({ symbol: 'AAPL' }, { action: 'BUY', totalQuantity: 5, orderType: 'PEG' })),
    ).toContain('387 ');
    expect(gateway.truth()).toEqual(before);
  });

  const junk = fc.constantFrom<unknown>(
    ...[
      undefined,
      null,
      Number.NaN,
      Infinity,
      -1,
      0,
      1,
      2.5,
      1e-9,
      1e300,
      '',
      'AAPL',
      'DU1234567',
      'USD',
      'live',
      true,
    ],
    ...[[], ['execution'], {}, { price: 1e300 }, { bid: 'x' }, { bid: undefined }, { clientId: 1, orderId: 1 }],
  );

  it('throw with a code and change nothing, or are done: whatever they are given', () => {
    const calls = [
      ...Object.keys(KNOB_CALLS).map((name) => ['knobs', name] as const),
      ...Object.keys(GATEWAY_CALLS).map((name) => ['gateway', name] as const),
    ];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...calls), fc.array(junk, { maxLength: 3 })), { maxLength: 8 }),
        (script) => {
          const { gateway, knobs, client, orderId } = aRestingOrder();
          for (const [[where, name], values] of script) {
            const before = gateway.truth();
            const told = errorOf(() => callOf(where === 'knobs' ? knobs : gateway, name)(...values));
            if (told === 'no error') continue;
            expect(told).toMatch(/^SIMULATOR_(?:CALL|UNKNOWN): /);
            expect(gateway.truth()).toEqual(before);
          }
          client.place(AAPL, { totalQuantity: 10 });
          client.ask({ kind: 'cancelOrder', orderId } as never);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('faults', () => {
  const clock = new FakeClock();

  it('are refused before anything happens', async () => {
    const bench = await Bench.start({ clock });
    const { faults } = bench.sim;
    const told = (name: string, ...values: readonly unknown[]) => errorOf(() => callOf(faults, name)(...values));
    const line = (name: string, ...values: readonly unknown[]) =>
      errorOf(() => callOf(faults.connectivity, name)(...values));
    expect(told('cut', 'hard')).toMatch(/^SIMULATOR_CALL: faults\.cut\(how\?, clientId\?\): how: Invalid option/);
    expect(told('refuseConnections')).toContain('forMs is missing');
    expect(told('dailyRestart', { downMs: 'x' })).toContain('options.downMs: ');
    expect(told('flapFarm', 'market', 'usfarm', 1)).toContain('kind: Invalid option');
    expect(told('after', 1)).toContain('action is missing');
    expect(told('cutAfterBytes', Number.NaN)).toContain('bytes: ');
    expect(line('loseUpstream', { code: 1101 })).toContain('options.code: has to be 1100 or 2110');
    expect(line('breakFarm', 'market-data')).toContain('name is missing');
    expect([bench.sim.isListening, faults.connectivity.isUpstreamLost]).toEqual([true, false]);
    await bench.close();
  });

  it('name messages and requests that there are', async () => {
    const bench = await Bench.start({ clock });
    const told = (rule: unknown) => errorOf(() => bench.sim.faults.set(rule as FaultRule));
    expect(told({ kind: 'drop-message', on: 'orderStatusX' })).toContain(
      'on: there is no message "orderStatusX"; the nearest name is "orderStatus"',
    );
    expect(told({ kind: 'cut-on-request', on: 'execDetails' })).toContain('there is no request "execDetails"');
    expect(told({ kind: 'reorder-messages', order: ['openOrder', 'exec'] })).toContain(
      'order: there is no message "exec"',
    );
    expect(told({ kind: 'refuse-client-id', on: 'startApi' })).toContain('strikes at connections');
    expect(told({ kind: 'drop-mesage' })).toContain('kind: ');
    const sound = { kind: 'drop-message', on: 'orderStatus', times: 'all' } as const;
    expect(errorOf(() => bench.sim.faults.set(sound, { kind: 'drop-message', on: 'none' }))).toContain(
      'SIMULATOR_CALL',
    );
    await bench.close();
  });

  it('tell settings that cannot be', async () => {
    const bench = await Bench.start({ clock });
    const { settings } = bench.sim.faults;
    expect(errorOf(() => (settings.serverVersion = 200))).toMatch(/^SIMULATOR_CALL: faults\.settings: serverVersion: /);
    expect(errorOf(() => (settings.framing = 'pieces' as never))).toContain('framing: ');
    expect(errorOf(() => Object.assign(settings, { serverversion: 180 }))).toContain(
      'Unrecognized key: "serverversion"',
    );
    settings.framing = { kind: 'pieces', maxPieceBytes: 3 };
    settings.messageRate = undefined;
    expect(settings).toMatchObject({ serverVersion: 193, framing: { kind: 'pieces' } });
    await bench.close();
  });

  it('that were planned and throw end nothing', async () => {
    const thrown: unknown[] = [];
    const own = new FakeClock();
    const simulator = await startTwsSimulator({ clock: own, onModelFault: (error) => thrown.push(error) });
    simulator.faults.after(1000, () => void simulator.model.knobs.fillOrder(7, 1));
    own.advance(1000);
    expect(thrown).toMatchObject([{ code: 'SIMULATOR_UNKNOWN' }]);
    await simulator.close();
  });
});

describe('options', () => {
  it.each([
    [{ tickPerSecond: 5 }, 'Unrecognized key: "tickPerSecond"'],
    [{ fillSize: 'all' }, 'fillSize: '],
    [{ accounts: [] }, 'accounts: '],
    [{ settings: { serverVersion: 12 } }, 'settings.serverVersion: '],
    [{ timeZone: 'Mars' }, 'timeZone: has to be an IANA time zone'],
    [{ instruments: [{ conId: 1 }] }, 'instruments.0.symbol: '],
    [{ dataPermissions: { AAPL: 'late' } }, 'dataPermissions.AAPL: '],
  ])('%j are refused', async (options, expected) => {
    await expect(startTwsSimulator(options as never)).rejects.toMatchObject({
      code: 'SIMULATOR_CALL',
      message: expect.stringContaining(expected) as unknown,
    });
  });

  it('that are undefined count as left out', () => {
    const gateway = new SimulatedGateway({ ticksPerSecond: undefined, fillSize: undefined } as never, new FakeClock());
    expect(gateway.settings).toMatchObject({ ticksPerSecond: 0, fillSize: 'quoted' });
    gateway.close();
  });
});

describe('documentation', () => {
  const page = (name: string): string => readFileSync(new URL(`../../../../../docs/${name}`, import.meta.url), 'utf8');

  it.each<readonly [string, string, Readonly<Record<string, CallArguments>>]>([
    ['tws-simulator-gateway.md', '', KNOB_CALLS],
    ['tws-simulator-gateway.md', 'model.', GATEWAY_CALLS],
    ['tws-simulator.md', '', FAULT_CALLS],
    ['tws-simulator.md', 'connectivity.', CONNECTIVITY_CALLS],
  ])('%s has each call with its arguments: %s', (name, prefix, calls) => {
    const text = page(name);
    const signatures = Object.entries(calls).map(([call, shape]) => signatureOf(`${prefix}${call}`, shape));
    expect(signatures.filter((signature) => !text.includes(`\`${signature}\``))).toEqual([]);
  });
});

describe('checkCall', () => {
  it('passes what fits', () => {
    expect(() => checkCall('knobs.fillOrder', KNOB_CALLS.fillOrder, [1, 2, undefined])).not.toThrow();
  });

  it('has the nearest of the names', () => {
    expect(nearestName('oderstatus', ['openOrder', 'orderStatus', 'error'])).toBe('orderStatus');
    expect(nearestName('', ['ab', 'a'])).toBe('a');
  });
});
