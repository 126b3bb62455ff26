// Test support: folders, drivers that misbehave, and arbitrary records.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { TickEvent } from '../kernel/event.js';
import type { ConnectionDriver } from './journal-connection.js';
import { JournalWriter, type JournalWriterOptions } from './journal-writer.js';
import type { RunFacts } from './segment-header.js';

export const DRIVER = createRequire(import.meta.url)('better-sqlite3') as ConnectionDriver;

const folders: string[] = [];

/** A folder that is removed with {@link removeFolders}. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bookrunner-journal-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** The real driver, whose connections are changed right after they are opened. */
export function driverThat(change: (connection: InstanceType<ConnectionDriver>) => void): ConnectionDriver {
  return class extends DRIVER {
    constructor(file: string, options?: Readonly<Record<string, unknown>>) {
      super(file, options);
      if (file.endsWith('journal.db')) change(this);
    }
  };
}

export function factsOf(run = 'run-1'): RunFacts {
  return {
    run,
    name: 'test',
    source: 'live',
    runEpoch: '00000001',
    startedAt: 1_000,
    tradeFrom: Number.NEGATIVE_INFINITY,
    instruments: [{ symbol: 'AAA' }, { symbol: 'BBB', bars: { use: 'time', options: { seconds: 60 } } }],
    fingerprint: { engine: '1', node: 'v1', config: 'c', plugins: { p: '1 a' }, strategies: { s: 'h' } },
    configPath: '/engine.yaml',
    config: 'engine: {}',
  };
}

export function writerOf(dataDir: string, options: Partial<JournalWriterOptions> = {}): JournalWriter {
  return new JournalWriter({ dataDir, driver: DRIVER, facts: factsOf(), now: () => 5_000, ...options });
}

/** Any double, with the ones that JSON lacks more often than chance has them. */
export const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 2 ** 53, -1),
);

/** NaN of other bits than `Number.NaN`, as `Math.min` gives on x86: JavaScript tells none from another. */
export function otherNaN(): number {
  return new Float64Array(Uint32Array.of(1, 0xfff8_0000).buffer)[0] as number;
}

/** Any text, also one that is not well-formed. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
);

const index = fc.integer({ min: 0, max: 70_000 });

export const anyTick: fc.Arbitrary<TickEvent> = fc.record({
  kind: fc.constant('tick' as const),
  at: anyNumber,
  ts: anyNumber,
  recvTs: anyNumber,
  instrumentIndex: index,
  symbol: fc.oneof(fc.constantFrom('AAA', 'BBB'), anyText),
  venue: anyText,
  bid: anyNumber,
  ask: anyNumber,
  bidSize: anyNumber,
  askSize: anyNumber,
  last: anyNumber,
  size: anyNumber,
});

/** Any plain value. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(undefined, null, true, false),
    anyNumber,
    anyText,
    fc.bigInt(),
    fc.array(anyNumber, { maxLength: 8 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(anyText, fc.constant('__proto__')), tie('value'), { maxKeys: 5 }),
  ),
})).value;
