import { describe, expect, it } from '@jest/globals';
import { connectionOptions } from '../connection-options.js';
import { PlannedRestarts } from './planned-restarts.js';
import { until } from './scripted-gateway.fixture.js';
import { sessionBench } from './session-bench.fixture.js';

const RESTART = { at: '23:45', zone: 'America/New_York', minutes: 5 };

function windows(options: object): PlannedRestarts {
  return new PlannedRestarts(connectionOptions.parse({ relogin: false, ...options }));
}

const at = (text: string): number => Date.parse(text);

describe('PlannedRestarts', () => {
  it.each([
    ['2026-01-15T04:45:00Z', '2026-01-15T04:50:00Z'],
    ['2026-07-15T03:45:00Z', '2026-07-15T03:50:00Z'],
  ])('follows the clock of its zone through summer and winter: %s', (from, untilText) => {
    const restarts = windows({ restart: RESTART });
    expect(restarts.at(at(from) - 1)).toBeUndefined();
    expect(restarts.at(at(from))).toEqual({ kind: 'restart', from: at(from), until: at(untilText) });
    expect(restarts.at(at(untilText) - 1)?.kind).toBe('restart');
    expect(restarts.at(at(untilText))).toBeUndefined();
    expect(restarts.nextChange(at(from) - 1)).toBe(at(from));
    expect(restarts.nextChange(at(from))).toBe(at(untilText));
  });

  it.each([
    ['23:58', 5, '2026-11-28T23:58:00Z', '2026-11-29T00:03:00Z'],
    ['23:55', 5, '2026-11-28T23:55:00Z', '2026-11-29T00:00:00Z'],
    ['00:00', 2, '2026-11-29T00:00:00Z', '2026-11-29T00:02:00Z'],
  ])('may end on the next day: %s for %i minutes', (time, minutes, from, end) => {
    const restarts = windows({ restart: { at: time, zone: 'UTC', minutes } });
    expect(restarts.at(at(from))).toEqual({ kind: 'restart', from: at(from), until: at(end) });
    expect(restarts.nextChange(at(from) - 60_000)).toBe(at(from));
  });

  it('has a weekly login beside it, and says which of two is under way', () => {
    const restarts = windows({
      restart: { ...RESTART, at: '01:30' },
      relogin: { day: 'sunday', at: '01:00', minutes: 120 },
    });
    expect(restarts.at(at('2026-11-29T06:35:00Z'))).toEqual({
      kind: 'relogin',
      from: at('2026-11-29T06:00:00Z'),
      until: at('2026-11-29T08:00:00Z'),
    });
    expect(restarts.at(at('2026-11-30T06:30:00Z'))?.kind).toBe('restart');
  });

  it('has none where none is declared, nor outside half a century', () => {
    expect(windows({ restart: false }).at(at('2026-11-29T04:46:00Z'))).toBeUndefined();
    expect(windows({ restart: false }).nextChange(0)).toBe(Number.POSITIVE_INFINITY);
    expect(windows({ restart: RESTART }).at(0)).toBeUndefined();
    expect(windows({ restart: RESTART }).nextChange(at('2060-01-01'))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a session over a daily restart', () => {
  it('6, 31: says that one is due, is away by plan within the window, and lost after it', async () => {
    const bench = await sessionBench({ restart: RESTART });
    const { clock, gateway, session, user } = bench;
    clock.moveTo(at('2026-11-29T04:44:59Z'));
    await session.attach(user);
    expect(session.isRestartDue).toBe(false);
    clock.advance(1_000);
    expect([session.isRestartDue, session.state]).toEqual([true, 'up']);
    gateway.last.reset();
    await until(() => session.state === 'planned-outage');
    const { port } = gateway;
    await gateway.stop();
    clock.advance(5_000);
    await until(() => user.told.length >= 5);
    expect(user.told.slice(3)).toEqual(['planned-outage IBKR_PLANNED_OUTAGE', 'planned-outage IBKR_PLANNED_OUTAGE']);
    clock.moveTo(at('2026-11-29T04:50:00Z'));
    expect(user.told.at(-1)).toMatch(/^disconnected IBKR_/);
    expect(port).toBeGreaterThan(0);
    await bench.session.detach(user);
  });

  it('31: new orders may go again as soon as the gateway is back, within the window too', async () => {
    const bench = await sessionBench({ restart: RESTART });
    const { clock, gateway, session, user } = bench;
    clock.moveTo(at('2026-11-29T04:44:00Z'));
    await session.attach(user);
    clock.moveTo(at('2026-11-29T04:45:10Z'));
    gateway.last.reset();
    await until(() => session.state === 'planned-outage');
    clock.advance(5_000);
    await until(() => session.state === 'up');
    expect(session.isRestartDue).toBe(false);
    expect(user.told).toEqual(['connecting', 'up', 'onUp', 'planned-outage IBKR_PLANNED_OUTAGE', 'up', 'onUp']);
    await bench.close();
  });

  it('becomes a planned outage where the window begins while it is lost', async () => {
    const bench = await sessionBench({ restart: RESTART });
    const { clock, gateway, session, user } = bench;
    clock.moveTo(at('2026-11-29T04:44:58Z'));
    await session.attach(user);
    gateway.last.reset();
    await until(() => session.state === 'disconnected');
    clock.advance(2_000);
    expect(session.state).toBe('planned-outage');
    await bench.close();
  });
});
