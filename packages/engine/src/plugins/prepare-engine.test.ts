import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { definePlugin, defineStrategy, SILENT_LOGGER } from '@bookrunner/sdk';
import type { Clock, MarketCalendar } from '@bookrunner/sdk';
import { z } from 'zod';
import { effectiveConfig } from '../config/effective-config.js';
import { isSecret, secret } from '@bookrunner/sdk';
import { parseContributionOptions } from './contribution-options.js';
import { createParts } from './create-parts.js';
import type { EnginePluginContext } from './create-parts.js';
import { bootFailures, BUILT_IN, CONTROL, handMade, PluginProject } from './plugin-project.fixture.js';
import { prepareEngine } from './prepare-engine.js';
import type { RunMode } from './load-plugins.js';
import { Registry, registry } from './registry.js';

const contexts: EnginePluginContext[] = [];
const flat = defineStrategy({
  name: 'mean-reversion',
  params: z.strictObject({ lookback: z.int().min(2).default(20), enter: z.number().positive().default(2) }),
  features: (params) => {
    if (params.lookback === 13) throw new Error('thirteen\nstack');
    return {};
  },
  onBar: () => 0,
});
const TEST = definePlugin({
  id: 'test',
  apiVersion: 1,
  strategies: { 'mean-reversion': flat },
  controls: {
    chat: {
      options: z.strictObject({
        token: secret(),
        port: z.int().default(80),
        tls: z.boolean().default(false),
        allow: z.array(z.int()).default([]),
      }),
      create: (context) => {
        contexts.push(context as EnginePluginContext);
        if (context.options.port === 13) throw new Error(`no port for ${context.options.token.reveal()}\nstack`);
        return { open: async () => undefined, close: async () => undefined };
      },
    },
  },
});

const BASE = `
instruments:
  AAPL: { assetClass: equity, quote: USD }
  EURUSD: { assetClass: fx, quote: USD }
feeds:
  bars: { use: csv, options: { file: bars.csv } }
strategies:
  mr: { use: mean-reversion, symbols: [AAPL], params: { lookback: "\${LOOKBACK:-30}" } }
`;
const CHAT = 'controls:\n  tg: { use: chat, options: { token: "${TOKEN}", port: "${PORT:-8080}", tls: "${TLS}" } }\n';
const ENV = { TOKEN: 'hunter2222', TLS: 'true' };

async function prepare(
  yaml: string,
  options: { mode?: RunMode; project?: PluginProject; env?: Record<string, string> } = {},
) {
  const config = (options.project ?? new PluginProject()).config(yaml, { env: options.env ?? ENV });
  return prepareEngine(config, { builtIn: [BUILT_IN, TEST], mode: options.mode ?? 'backtest' });
}

const CREATE = {
  clock: {} as Clock,
  logger: () => SILENT_LOGGER,
  calendar: (id: string) => ({ id }) as MarketCalendar,
};

describe('prepareEngine', () => {
  it('resolves everything, with options parsed and numbers taken from variables', async () => {
    const prepared = await prepare(BASE + CHAT);
    const strategy = prepared.strategies.get('mr');
    expect(strategy?.params).toEqual({ lookback: 30, enter: 2 });
    expect(strategy?.bars.map((bars) => bars.options)).toEqual([{ seconds: 60, price: 'last' }]);
    expect(prepared.risk.options).toEqual({ maxLeverage: 2 });
    expect(prepared.controls.get('tg')?.options).toMatchObject({ port: 8080, tls: true, allow: [] });
    const token = (prepared.controls.get('tg')!.options as { token: unknown }).token;
    expect(isSecret(token) && token.reveal()).toBe('hunter2222');
    expect(effectiveConfig(prepared.config, prepared.optionsByPath)).toMatchObject({
      controls: { tg: { options: { token: '***', port: 8080, tls: true, allow: [] } } },
      strategies: { mr: { params: { lookback: 30, enter: 2 }, bars: [{ options: { seconds: 60, price: 'last' } }] } },
    });
    expect(inspect(prepared.controls, { depth: 9 })).not.toContain('hunter2222');
  });

  it('collects unknown names and wrong options, with places and near misses', async () => {
    const yaml = `${BASE.replace('use: mean-reversion', 'use: mean-reverson')}  two:
    use: mean-reversion
    symbols: [AAPL]
    params: { lookbak: 5 }
    bars: [{ use: time, options: { seconds: x } }, { use: simulated }]
    sizing: { use: atr }
risk: { use: standard, options: { maxLeverage: -1 } }
venues: { sim: { use: simulated, options: { fee: 1 } } }
`;
    const failures = await bootFailures(prepare(yaml));
    expect(failures.map(({ code, path, place, message }) => [code, path, place, message])).toEqual([
      ['PLUGIN_OPTIONS_INVALID', 'venues.sim.options.fee', 'engine.yaml:16:45', "venue 'simulated' takes no options."],
      [
        'CONTRIBUTION_UNKNOWN',
        'strategies.mr.use',
        'engine.yaml:8:9',
        "there is no strategy 'mean-reverson'. Did you mean 'mean-reversion'?",
      ],
      [
        'PLUGIN_OPTIONS_INVALID',
        'strategies.two.bars[0].options.seconds',
        'engine.yaml:13:36',
        'has to be a number; it is text.',
      ],
      [
        'CONTRIBUTION_UNKNOWN',
        'strategies.two.bars[1].use',
        'engine.yaml:13:54',
        "there is no bar-builder 'simulated'. 'simulated' is a venue.",
      ],
      [
        'PLUGIN_OPTIONS_INVALID',
        'strategies.two.sizing.options.riskBps',
        'engine.yaml:14:5',
        'is missing; it has to be a number.',
      ],
      [
        'PLUGIN_OPTIONS_INVALID',
        'strategies.two.params.lookbak',
        'engine.yaml:12:15',
        "unknown key. Did you mean 'lookback'?",
      ],
      [
        'PLUGIN_OPTIONS_INVALID',
        'risk.options.maxLeverage',
        'engine.yaml:15:35',
        'Too small: expected number to be >0.',
      ],
    ]);
  });

  it('reads secret files beside engine.yaml, and misses those that are not there', async () => {
    const yaml = `${BASE}controls: { tg: { use: chat, options: { token: { file: token.txt } } } }\n`;
    const project = new PluginProject().write('token.txt', 'from-file\n');
    const prepared = await prepare(yaml, { project });
    expect((prepared.controls.get('tg')!.options as { token: { reveal(): string } }).token.reveal()).toBe('from-file');
    expect(await bootFailures(prepare(yaml))).toMatchObject([
      { code: 'SECRET_MISSING', path: 'controls.tg.options.token', phase: 'options' },
    ]);
  });

  it('never shows text from the environment in a failure', async () => {
    const yaml = `${BASE}controls: { tg: { use: chat, options: { token: a, port: "\${TOKEN}", allow: ["\${TOKEN}"] } } }\n`;
    const failures = await bootFailures(prepare(yaml));
    expect(failures.map((failure) => failure.path)).toEqual([
      'controls.tg.options.port',
      'controls.tg.options.allow[0]',
    ]);
    expect(JSON.stringify(failures)).not.toContain('hunter2222');
  });

  it('forgives a control surface whose plugin may be missing', async () => {
    const yaml = `${BASE}plugins: [{ use: nowhere, required: false }]\ncontrols: { web: { use: web } }\n`;
    const prepared = await prepare(yaml);
    expect([...prepared.controls.keys()]).toEqual([]);
    expect(prepared.warnings.map((warning) => warning.code)).toEqual(['PLUGIN_NOT_FOUND', 'CONTRIBUTION_UNKNOWN']);
    expect((await bootFailures(prepare(`${BASE}controls: { web: { use: web } }\n`)))[0]?.code).toBe(
      'CONTRIBUTION_UNKNOWN',
    );
  });

  it('parses the options of a plugin as a whole and hands them to what it contributes', async () => {
    const project = new PluginProject()
      .link('zod', 'node_modules/zod')
      .install(
        'web',
        handMade(
          `id: 'web', options: z.strictObject({ host: z.string() }), controls: { web: { ${CONTROL} } }`,
          "import { z } from 'zod';",
        ),
      );
    const yaml = (host: string): string =>
      `${BASE}plugins: [{ use: web, options: { ${host} } }]\ncontrols: { web: { use: web } }\n`;
    expect((await prepare(yaml('host: x'), { project })).controls.get('web')?.pluginOptions).toEqual({ host: 'x' });
    expect(await bootFailures(prepare(yaml('hots: x'), { project }))).toMatchObject([
      { path: 'plugins[0].options.host' },
      { path: 'plugins[0].options.hots' },
    ]);
  });
});

describe('matching capabilities', () => {
  const withFeed = (feed: string, bars = '{ use: time }'): string =>
    BASE.replace('{ use: csv, options: { file: bars.csv } }', `{ use: ${feed} }`).replace(
      'symbols:',
      `bars: ${bars}, symbols:`,
    );

  it.each([
    ['quotes', '{ use: time, options: { price: mid } }', 'paper', undefined],
    ['quotes', '{ use: time, options: { price: mid } }', 'backtest', 'never ends'],
    ['quotes', '{ use: time }', 'paper', 'say price: mid'],
    ['quotes', '{ use: volume }', 'paper', 'has no trades'],
    ['trades', '{ use: time, options: { price: mid } }', 'backtest', 'say price: last'],
    ['trades', '{ use: volume }', 'backtest', undefined],
    ['minutes', '{ use: time, options: { seconds: 300 } }', 'backtest', undefined],
    ['minutes', '{ use: time, options: { seconds: 30 } }', 'backtest', 'multiples'],
    ['minutes', '{ use: volume }', 'backtest', 'no ticks'],
  ] as const)('feed %s for %s in %s', async (feed, bars, mode, text) => {
    const prepared = prepare(withFeed(feed, bars), { mode });
    if (text === undefined) expect((await prepared).strategies.size).toBe(1);
    else {
      const failures = await bootFailures(prepared);
      expect(failures).toMatchObject([{ code: 'CAPABILITY_MISSING', phase: 'match' }]);
      expect(failures[0]?.message).toContain(text);
    }
  });

  it('asks the routed venue for the time in force, in live only', async () => {
    const yaml = `${BASE.replace('symbols: [AAPL]', 'symbols: [AAPL, EURUSD], entry: { tif: GTC }')}
venues: { sim: { use: simulated }, ib: { use: broker } }
accounts: { sim: { venue: sim }, ib: { venue: ib, id: X } }
books: { B: { account: sim } }
routes: [{ match: { assetClass: fx }, venue: ib }]
`;
    expect((await prepare(yaml)).strategies.size).toBe(1);
    const failures = await bootFailures(prepare(yaml, { mode: 'live' }));
    expect(failures.map((failure) => [failure.path, failure.message])).toEqual([
      ['strategies.mr.entry', "venue 'ib', where EURUSD is traded, takes no GTC orders, only DAY."],
      ['strategies.mr.book', "orders in EURUSD are routed to venue 'ib', and account 'sim' of book 'B' is at 'sim'."],
    ]);
  });
});

describe('createParts', () => {
  it('makes what is asked for, with a frozen context', async () => {
    contexts.length = 0;
    const prepared = await prepare(`${BASE}${CHAT}venues: { sim: { use: simulated }, other: { use: simulated } }
accounts: { a: { venue: sim } }
books: { B: { risk: { use: standard } } }
`);
    const parts = createParts(prepared, { ...CREATE, venues: ['sim'] });
    expect([...parts.feeds.keys()]).toEqual(['bars']);
    expect([...parts.venues.keys()]).toEqual(['sim']);
    expect([...parts.bookRisk.keys()]).toEqual(['B']);
    expect(parts.risk).toBeDefined();
    const [context] = contexts;
    expect(context).toMatchObject({ name: 'tg', dataDir: prepared.config.engine.dataDir, pluginOptions: {} });
    expect(context?.instruments.get('AAPL')?.symbol).toBe('AAPL');
    expect(context?.calendar('XNYS').id).toBe('XNYS');
    expect(Object.isFrozen(context)).toBe(true);
  });

  it('collects what fails, with the first line of the cause and without secrets', async () => {
    const yaml = `${BASE.replace('LOOKBACK:-30', 'LOOKBACK:-13')}${CHAT.replace('PORT:-8080', 'PORT:-13')}`;
    const prepared = await prepare(yaml);
    expect(() => createParts(prepared, CREATE)).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_BOOT_FAILED',
        details: {
          phase: 'create',
          failures: [
            expect.objectContaining({
              code: 'PLUGIN_CREATE_FAILED',
              path: 'controls.tg',
              message: "'chat' fails: no port for ***.",
            }),
            expect.objectContaining({
              path: 'strategies.mr.params',
              message: "strategy 'mean-reversion' fails: thirteen.",
            }),
          ],
        },
      }),
    );
  });
});

describe('parseContributionOptions', () => {
  it('gives parsed options or one error with every fault', async () => {
    const { config } = await prepare(BASE);
    const place = { what: "sizer 'atr'", path: ['x'], source: config.source };
    expect(parseContributionOptions(BUILT_IN.sizers['atr']!, { riskBps: 5 }, place)).toEqual({ riskBps: 5 });
    expect(() => parseContributionOptions(BUILT_IN.sizers['atr']!, { risk: 5 }, place)).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_OPTIONS_INVALID',
        message: expect.stringContaining("options of sizer 'atr'"),
      }),
    );
  });
});

describe('registry', () => {
  it('maps names to strategies', () => {
    expect(registry([BUILT_IN, TEST])).toEqual(new Map([['mean-reversion', flat]]));
  });

  it('lists everything and explains what is missing', () => {
    const all = new Registry([BUILT_IN, TEST]);
    expect(all.entries().map(({ kind, name }) => `${kind} ${name}`)).toContain('sizer atr');
    expect(all.explainMissing('venue', 'csv')).toBe("there is no venue 'csv'. 'csv' is a feed.");
    expect(all.explainMissing('sizer', 'kelly-fraction')).toBe(
      "there is no sizer 'kelly-fraction'. Known: fraction, atr.",
    );
    expect(new Registry([]).explainMissing('feed', 'x')).toContain('No plugin contributes any.');
  });
});
