import { parseArgs } from 'node:util';
import type { FaultRule } from '../server/fault-rules.js';
import { parseFaultRule } from '../server/read-fault-rule.js';
import { MAX_SERVER_VERSION, MIN_SERVER_VERSION } from '../server/handshake.js';
import { simulatorError } from '../simulator-errors.js';
import { FAULT_SCRIPTS } from './fault-scripts.js';

/** What the command was asked for. */
export interface SimulatorArguments {
  readonly isHelp: boolean;
  readonly isJson: boolean;
  readonly host: string;
  readonly port: number;
  readonly serverVersion: number;
  readonly seed: number;
  readonly accounts: readonly string[];
  readonly instrumentsFile: string | undefined;
  readonly ticksPerSecond: number;
  readonly clientIdLingerMs: number;
  readonly isReadOnly: boolean;
  readonly scripts: readonly string[];
  readonly scriptAfterMs: number;
  readonly faults: readonly FaultRule[];
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  json: { type: 'boolean', default: false },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '4002' },
  'server-version': { type: 'string', default: String(MAX_SERVER_VERSION) },
  seed: { type: 'string', default: '1' },
  account: { type: 'string', default: 'DU1234567' },
  instruments: { type: 'string' },
  'ticks-per-second': { type: 'string', default: '1' },
  'linger-seconds': { type: 'string', default: '0' },
  'read-only': { type: 'boolean', default: false },
  script: { type: 'string', multiple: true, default: [] as string[] },
  'script-after': { type: 'string', default: '30' },
  fault: { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** Reads the words behind the command. Errors: SIMULATOR_ARGUMENT. */
export function readArguments(words: readonly string[]): SimulatorArguments {
  const values = parse(words);
  const scripts = values.script.flatMap((names) => names.split(',')).map((name) => name.trim());
  for (const name of scripts)
    if (FAULT_SCRIPTS[name] === undefined) {
      throw simulatorError(
        'SIMULATOR_ARGUMENT',
        `There is no script "${name}"; there are ${Object.keys(FAULT_SCRIPTS).join(', ')}.`,
      );
    }
  return {
    isHelp: values.help,
    isJson: values.json,
    host: values.host,
    port: numberOf('port', values.port, { min: 0, max: 65_535, isWhole: true }),
    serverVersion: numberOf('server-version', values['server-version'], {
      min: MIN_SERVER_VERSION,
      max: MAX_SERVER_VERSION,
      isWhole: true,
    }),
    seed: numberOf('seed', values.seed, { min: 0, max: 2 ** 31, isWhole: true }),
    accounts: accountsOf(values.account),
    instrumentsFile: values.instruments,
    ticksPerSecond: numberOf('ticks-per-second', values['ticks-per-second'], { min: 0, max: 1000 }),
    clientIdLingerMs: 1000 * numberOf('linger-seconds', values['linger-seconds'], { min: 0, max: 86_400 }),
    isReadOnly: values['read-only'],
    scripts,
    scriptAfterMs: 1000 * numberOf('script-after', values['script-after'], { min: 0, max: 86_400 }),
    faults: values.fault.map(faultOf),
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // The first sentence names what is wrong; the rest of Node's text explains how to quote.
    const [sentence = ''] = (error as Error).message.split(/\.?\n|\. /);
    throw simulatorError('SIMULATOR_ARGUMENT', `${sentence.replace(/\.$/, '')}.`);
  }
}

function numberOf(
  name: string,
  text: string,
  { min, max, isWhole = false }: { readonly min: number; readonly max: number; readonly isWhole?: boolean },
): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value;
  throw simulatorError(
    'SIMULATOR_ARGUMENT',
    `--${name} has to be a ${isWhole ? 'whole number' : 'number'} from ${min} to ${max}, not "${text}".`,
  );
}

function accountsOf(text: string): readonly string[] {
  const accounts = text.split(',').map((account) => account.trim());
  if (accounts.every((account) => /^[A-Za-z0-9]{2,20}$/.test(account))) return accounts;
  throw simulatorError(
    'SIMULATOR_ARGUMENT',
    `--account takes ids such as DU1234567, with commas between, not "${text}".`,
  );
}

function faultOf(text: string): FaultRule {
  let rule: unknown;
  try {
    rule = JSON.parse(text);
  } catch {
    throw simulatorError('SIMULATOR_ARGUMENT', `--fault takes a rule as JSON, not "${text}".`);
  }
  const read = parseFaultRule(rule);
  if ('rule' in read) return read.rule as FaultRule;
  throw simulatorError('SIMULATOR_ARGUMENT', `--fault ${text}: ${read.fault}.`);
}
