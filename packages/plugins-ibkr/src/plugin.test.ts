import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CONTRIBUTION_KINDS, isPlugin, marketCalendar, SILENT_LOGGER, SystemClock } from '@bookrunner/sdk';
import type { ContributionKind, PluginContext } from '@bookrunner/sdk';
import { RecordingVenueSink } from '@bookrunner/sdk/testing';
import plugin from './index.js';
import { startTwsSimulator } from './simulator/index.js';
import type { TwsSimulator } from './simulator/index.js';
import { SimulatedGateway } from './simulator/model/simulated-gateway.js';
import { until } from './session/scripted-gateway.fixture.js';

interface Manifest {
  readonly bookrunner: { readonly plugin: { readonly id: string; readonly provides: readonly ContributionKind[] } };
}

describe('the plugin', () => {
  let simulator: TwsSimulator<SimulatedGateway>;
  let dataDir: string;

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ibkr-plugin-'));
    simulator = await startTwsSimulator({ model: ({ clock }) => new SimulatedGateway({}, clock) });
  });
  afterEach(async () => {
    simulator.model.close();
    await simulator.close();
    rmSync(dataDir, { recursive: true });
  });

  function context(options: unknown): PluginContext {
    const clock = new SystemClock();
    const where = { configDir: '.', dataDir, instruments: new Map() };
    return { ...{ name: 'ib', options, clock, logger: SILENT_LOGGER, ...where }, calendar: (id) => marketCalendar(id) };
  }

  it('is what package.json says', () => {
    const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    const { id, provides } = (JSON.parse(text) as Manifest).bookrunner.plugin;
    expect(isPlugin(plugin)).toBe(true);
    expect(plugin.id).toBe(id);
    for (const kind of provides) expect(Object.keys(plugin[CONTRIBUTION_KINDS[kind]])).toContain('ibkr');
  });

  it('gives feed and venue of the same client one connection, which ends with the last of them', async () => {
    const options = { host: simulator.host, port: simulator.port, clientId: 3 };
    const feedOptions = plugin.feeds['ibkr']!.options!.parse(options);
    const venueOptions = plugin.venues['ibkr']!.options!.parse(options);
    const clock = new SystemClock();
    const shared = { ...context(feedOptions), clock };
    const feed = plugin.feeds['ibkr']!.create(shared);
    const venue = plugin.venues['ibkr']!.create({ ...shared, options: venueOptions });
    expect(simulator.counts.connections).toBe(0);
    await Promise.all([feed.open(), venue.open(new RecordingVenueSink())]);
    expect([simulator.counts.connections, simulator.clients.length]).toEqual([1, 1]);
    await feed.close();
    expect(simulator.clients).toHaveLength(1);
    await venue.close();
    await until(() => simulator.clients.length === 0);
  });

  it('takes host, port and client id from the environment', () => {
    const before = { ...process.env };
    Object.assign(process.env, { IB_HOST: 'gateway', IB_PORT: '4001', IB_CLIENT_ID: '12' });
    try {
      const options = plugin.feeds['ibkr']!.options!.parse({});
      expect(options).toMatchObject({ host: 'gateway', port: 4_001, clientId: 12, readOnly: false });
      process.env['IB_PORT'] = 'paper';
      expect(plugin.feeds['ibkr']!.options!.safeParse({}).success).toBe(false);
    } finally {
      process.env = before;
    }
  });

  it.each([
    { nothing: 1 },
    { port: 0 },
    { restart: { at: '24:00' } },
    { restart: { at: '23:45', zone: 'New York' } },
    { limits: { messagesPerSecond: 60 } },
    { limits: { messagesPerSecond: 10, reservedForOrders: 10 } },
    { heartbeat: { everyMs: -1 } },
  ])('refuses options that cannot be: %j', (options) => {
    expect(plugin.feeds['ibkr']!.options!.safeParse(options).success).toBe(false);
    expect(plugin.venues['ibkr']!.options!.safeParse(options).success).toBe(false);
  });
});
