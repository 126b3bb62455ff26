// The words behind `bookrunner-practice-broker`.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type BrokerOptions, brokerOptionsSchema } from '../broker/broker-options.js';
import { practiceError } from '../practice-errors.js';

/** What the command was asked for. */
export type BrokerArguments = { readonly isHelp: true } | { readonly isHelp: false; readonly options: BrokerOptions };

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  port: { type: 'string' },
  'tick-every-ms': { type: 'string' },
  options: { type: 'string', default: '{}' },
} as const;

export const HELP = `bookrunner-practice-broker [--port N] [--tick-every-ms N] [--options JSON]

A broker in a process of its own. It prints one line, {"port":N}, when it listens, and ends on SIGINT or SIGTERM.

  --port N            where it listens, on 127.0.0.1; any free port unless given
  --tick-every-ms N   time between two moves of the market (1000); 0: only when a control connection says so
  --options JSON      all other options as one JSON object: ${Object.keys(brokerOptionsSchema.shape).join(', ')}
  -h, --help          this text

Example: bookrunner-practice-broker --port 4555 --options '{"maxUnitsPerFill":50}'
What each option means is in the README of @bookrunner/practice-broker.
`;

/** Reads the words. Errors: PRACTICE_ARGUMENT. */
export function readBrokerArguments(words: readonly string[]): BrokerArguments {
  const values = parse(words);
  if (values.help) return { isHelp: true };
  const options = {
    ...jsonOf(values.options),
    ...(values.port === undefined ? {} : { port: numberOf('port', values.port) }),
    ...(values['tick-every-ms'] === undefined
      ? {}
      : { tickEveryMs: numberOf('tick-every-ms', values['tick-every-ms']) }),
  };
  const checked = brokerOptionsSchema.safeParse(options);
  if (checked.success) return { isHelp: false, options: options as BrokerOptions };
  const [issue] = checked.error.issues;
  throw argumentError(
    `Option ${issue?.path.join('.') || '--options'}: ${issue?.message ?? z.prettifyError(checked.error)}`,
  );
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // The first sentence names what is wrong; the rest of Node's text explains how to quote.
    const [sentence = ''] = (error as Error).message.split(/\.?\n|\. /);
    throw argumentError(sentence);
  }
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, as for JSON that is no object.
  }
  throw argumentError(`--options takes one JSON object, not ${text}`);
}

function numberOf(name: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw argumentError(`--${name} takes a number, not "${text}"`);
}

function argumentError(reason: string): Error {
  return practiceError('PRACTICE_ARGUMENT', `${reason.replace(/\.$/, '')}.`);
}
