// What a segment says of itself, so that it can be replayed without anything but the plugins.
import type { BarSpec, EpochMs } from '@bookrunner/sdk';
import type { InstrumentTerms } from '../runtime/brokers/broker-instruments.js';
import type { Fingerprint } from './fingerprint.js';
import { journalError } from './journal-errors.js';
import { decodeValue, encodeValue } from './value-codec.js';

/** What a run is, the same in all its segments. */
export interface RunFacts {
  readonly run: string;
  /** Name of the engine. */
  readonly name: string;
  /** Where rows come from: recorded feeds, or live ones with a seam between history and ticks. */
  readonly source: 'recorded' | 'live';
  /** `live`: accounts at brokers traded there. Absent in older journals, which are of paper. */
  readonly mode?: 'paper' | 'live';
  /** First half of every order id. */
  readonly runEpoch: string;
  readonly startedAt: EpochMs;
  /** Before it strategies only warm up. */
  readonly tradeFrom: EpochMs;
  /** In order of their indexes; with the bars their feed delivers, where it is not ticks, and the terms a broker gave them. */
  readonly instruments: readonly {
    readonly symbol: string;
    readonly bars?: BarSpec;
    readonly terms?: InstrumentTerms;
  }[];
  readonly fingerprint: Fingerprint;
  /**
   * The run this one goes on from, and that one's last record: records are numbered on. `isFolded` where another set-up goes on: it
   * begins with the same orders and books, and not with the same state.
   */
  readonly continues?: { readonly run: string; readonly after: number; readonly isFolded?: boolean };
  /** Where relative names of plugins start. */
  readonly configPath: string;
  /** The effective configuration, as in the run folder; secrets are masked. */
  readonly config: string;
}

/** Errors: JOURNAL_VALUE_UNSUPPORTED. */
export function encodeHeader(facts: RunFacts): Uint8Array {
  return encodeValue(facts);
}

const TEXTS = ['run', 'name', 'source', 'runEpoch', 'configPath', 'config'] as const;
const NUMBERS = ['startedAt', 'tradeFrom'] as const;
const PRINTS = ['engine', 'node', 'config'] as const;
const PRINT_TABLES = ['plugins', 'strategies'] as const;

/** Errors: JOURNAL_RECORD_INVALID. */
export function decodeHeader(bytes: Uint8Array): RunFacts {
  const value = decodeValue(bytes);
  const isHeader =
    isRecord(value) &&
    TEXTS.every((field) => typeof value[field] === 'string') &&
    NUMBERS.every((field) => typeof value[field] === 'number') &&
    (value['source'] === 'recorded' || value['source'] === 'live') &&
    (value['mode'] === undefined || value['mode'] === 'paper' || value['mode'] === 'live') &&
    Array.isArray(value['instruments']) &&
    value['instruments'].every((item) => isRecord(item) && typeof item['symbol'] === 'string') &&
    isFingerprint(value['fingerprint']);
  if (!isHeader) throw journalError('JOURNAL_RECORD_INVALID', 'A segment of the journal has no readable header.');
  return value as unknown as RunFacts;
}

function isFingerprint(value: unknown): boolean {
  return (
    isRecord(value) &&
    PRINTS.every((field) => typeof value[field] === 'string') &&
    PRINT_TABLES.every((field) => {
      const table = value[field];
      return isRecord(table) && Object.values(table).every((text) => typeof text === 'string');
    })
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
