// Test support: a project folder with engine.yaml and real packages in node_modules.
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { definePlugin, isTradingError } from '@bookrunner/sdk';
import type { Plugin } from '@bookrunner/sdk';
import { z } from 'zod';
import { loadConfig } from '../config/load-config.js';
import type { LoadConfigOptions } from '../config/load-config.js';
import type { EngineConfig } from '../config/engine-config.js';
import { failuresOf } from './plugin-errors.js';
import type { PhaseFailure } from './plugin-errors.js';

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** A fresh project folder. */
export class PluginProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'bookrunner-project-'));

  write(path: string, text: string): this {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return this;
  }

  /** Makes a package of the repository, or of its node_modules, resolvable from here. */
  link(name: string, target: string): this {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(REPOSITORY, target), path);
    return this;
  }

  /** Installs a package whose entry module is `code`; `manifest` is its bookrunner.plugin. */
  install(name: string, code: string, options: InstallOptions = {}): this {
    const root = name.startsWith('.') ? name : join('node_modules', name);
    const { manifest = { id: name, apiVersion: 1, provides: ['control-surface'] }, extra = {} } = options;
    const data = {
      name,
      version: '1.0.0',
      type: 'module',
      exports: { '.': './index.js', './package.json': './package.json' },
      ...(manifest === null ? {} : { bookrunner: { plugin: manifest } }),
      ...extra,
    };
    return this.write(join(root, 'package.json'), JSON.stringify(data)).write(join(root, 'index.js'), code);
  }

  config(yaml: string, options: LoadConfigOptions = {}): EngineConfig {
    this.write('engine.yaml', yaml);
    return loadConfig(join(this.folder, 'engine.yaml'), options);
  }
}

interface InstallOptions {
  /** Null writes none. */
  readonly manifest?: object | null;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Source of a plugin made by hand, without any SDK: only the brand counts. */
export function handMade(fields: string, before = ''): string {
  return `${before}
const plugin = {
  apiVersion: 1,
  sdkVersion: '0.1.0',
  ${fields}
};
Object.defineProperty(plugin, Symbol.for('@bookrunner/plugin'), { value: true });
export default Object.freeze(plugin);
`;
}

/** A control surface that does nothing, as source. */
export const CONTROL = 'create: () => ({ async open() {}, async close() {} })';

const part = (): never => ({}) as never;

/** What the engine brings itself, as far as these tests need it. */
export const BUILT_IN: Plugin = definePlugin({
  id: 'engine',
  apiVersion: 1,
  feeds: {
    csv: {
      capabilities: { barSeconds: [], finite: true },
      options: z.strictObject({ file: z.string() }),
      create: part,
    },
    minutes: { capabilities: { barSeconds: [60], finite: true }, create: part },
    quotes: { capabilities: { quotes: true }, create: part },
    trades: { capabilities: { trades: true, finite: true }, create: part },
  },
  venues: {
    simulated: {
      capabilities: { orderTypes: ['market', 'limit'], timeInForce: ['DAY', 'GTC'], simulated: true },
      create: part,
    },
    broker: { capabilities: { orderTypes: ['market'], timeInForce: ['DAY'] }, create: part },
  },
  barBuilders: {
    time: {
      options: z.strictObject({ seconds: z.int().default(60), price: z.enum(['last', 'mid']).default('last') }),
      create: part,
    },
    volume: { options: z.strictObject({ units: z.number().default(1) }), create: part },
  },
  riskPolicies: {
    standard: { options: z.strictObject({ maxLeverage: z.number().positive().default(2) }), create: part },
  },
  sizers: {
    fraction: { options: z.strictObject({}), create: part },
    atr: { options: z.strictObject({ riskBps: z.number() }), create: part },
  },
});

/** The failures of a promise that rejects with PLUGIN_BOOT_FAILED. */
export async function bootFailures(promise: Promise<unknown>): Promise<readonly PhaseFailure[]> {
  try {
    await promise;
  } catch (error) {
    if (isTradingError(error) && error.code === 'PLUGIN_BOOT_FAILED') return failuresOf(error);
    throw error;
  }
  throw new Error('Nothing failed.');
}
