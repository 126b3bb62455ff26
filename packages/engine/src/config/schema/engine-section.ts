import { secret } from '@bookrunner/sdk';
import { z } from 'zod';
import { currency, name, options } from './blocks.js';
import { guardsSection } from './guards-section.js';

/** Highest seed: 32 bits. */
const MAX_SEED = 0xffff_ffff;

const MINUTE_MS = 60_000;

const reconcileSection = z
  .strictObject({
    everyMs: z
      .int()
      .min(1_000)
      .max(60 * MINUTE_MS)
      .default(MINUTE_MS)
      .describe('Milliseconds between two comparisons of the books with what a broker says it has.'),
    settleMs: z
      .int()
      .min(0)
      .max(MINUTE_MS)
      .default(2_000)
      .describe('Least milliseconds between the two snapshots that prove an order never arrived.'),
    pageMs: z
      .int()
      .min(1_000)
      .max(60 * MINUTE_MS)
      .default(30_000)
      .describe('Milliseconds after which what is still not known is an alarm.'),
    callMs: z
      .int()
      .min(100)
      .max(5 * MINUTE_MS)
      .default(10_000)
      .describe('Milliseconds a broker may take to answer an order; after that its outcome is unknown.'),
  })
  .describe('How live trading keeps books and brokers equal.');

const historySection = z
  .strictObject({
    limitMs: z
      .int()
      .min(100)
      .max(10 * MINUTE_MS)
      .default(30_000)
      .describe(
        'Milliseconds that the history of a live feed may take, at a start and after an outage; the run then goes on without it.',
      ),
  })
  .describe('What live feeds are asked for: bars to warm up with, and what was missed while they were away.');

export const engineSection = z
  .strictObject({
    name: name.default('bookrunner').describe('Name of this engine in logs, metrics and messages.'),
    baseCurrency: currency.default('USD').describe('Currency of global limits and of books that name none.'),
    dataDir: z
      .string()
      .min(1)
      .default('./var')
      .describe('Folder of journal, store, catalog and runs, from engine.yaml on.'),
    closeDelayMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(0)
      .describe('Milliseconds after its end at which a bar is available; the same in backtest, paper and live.'),
    barGraceMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(5_000)
      .describe(
        'Milliseconds after its end that a bar made of the ready bars of a live feed waits for the last of them; it closes as soon as that has come.',
      ),
    seed: z
      .int()
      .min(0)
      .max(MAX_SEED)
      .default(1)
      .describe('Seed of everything random: simulated slippage, latency, synthetic data.'),
    journal: z
      .enum(['auto', 'on', 'off'])
      .default('auto')
      .describe('Whether paper writes down all it sees and does; auto: with live feeds, and recorded ones at a speed.'),
    reconcile: reconcileSection.prefault({}),
    history: historySection.prefault({}),
    guards: guardsSection.prefault({}),
    onStop: z
      .enum(['keep', 'cancel-entries', 'cancel-all'])
      .default('keep')
      .describe('What becomes of orders at brokers when a live run is stopped; keep leaves them there.'),
  })
  .describe('The engine itself.');

const sqlite = z.strictObject({
  type: z.literal('sqlite').describe('A file on this machine.'),
  file: z
    .string()
    .min(1)
    .optional()
    .describe('Database file, from engine.yaml on; dataDir/bookrunner.db unless given.'),
});

const postgres = z.strictObject({
  type: z.literal('postgres').describe('A PostgreSQL server.'),
  url: secret().describe('Secret: address of the database, "${DATABASE_URL}", or { file: path }.'),
});

export const databaseSection = z
  .discriminatedUnion('type', [sqlite, postgres])
  .describe('Where orders, fills, equity and audit are stored for queries.');

const pluginReference = z.strictObject({
  use: z
    .string()
    .min(1)
    .describe('Package name, folder (./my-plugin) or file (./my-strategy.js), from engine.yaml on.'),
  options: options.optional().describe('Options of the plugin as a whole.'),
  required: z.boolean().default(true).describe('false: the engine starts without it; control surfaces only.'),
});

export const pluginsSection = z
  .array(z.union([z.string().min(1), pluginReference]))
  .describe('Plugins to load; nothing is searched for.');

export const allowIncompatibleSection = z
  .array(z.string().min(1))
  .describe('Ids of plugins to load although their SDK version does not fit; ignored when trading live.');
