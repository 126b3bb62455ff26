// What a person reads whose command was taken: what was done, to what, and how to see that what is under way is over.
import type { Command } from '@bookrunner/sdk';
import { formatNumber } from '../report/format.js';
import { printable } from '../report/render-summary.js';
import { ALL_STRATEGIES } from './check-command.js';
import { scopeOf, scopeText } from './halt-latch.js';

/** Lines ended by newlines; undefined where the command has an answer of its own. */
export function doneText({ name, args }: Command): string | undefined {
  const text = sentences({ name, args });
  return text === undefined ? undefined : `${printable(text)}\n`;
}

/** The strategies of a command that names one, or all: `strategy mr-aapl`. */
export function strategiesText(name: unknown): string {
  return name === ALL_STRATEGIES ? 'all strategies' : `strategy ${String(name)}`;
}

function sentences({ name, args }: Pick<Command, 'name' | 'args'>): string | undefined {
  const what = scopeText(scopeOf({ args }));
  const resume = `\`${['resume', ...scopeArguments(args)].join(' ')}\` ends it.`;
  switch (name) {
    case 'halt':
      return `Halted: ${what}. No new risk is taken; entries at work and protection stay. ${resume}`;
    case 'reduce-only':
      return `Reduce only: ${what}. No new risk is taken, entries at work are being cancelled, protection stays. ${resume}`;
    case 'panic':
      return `Panic: ${what}. Orders are being cancelled and positions closed; that is done when PANIC_COMPLETE has said so. \`status\` shows what is left.`;
    case 'shutdown':
      return 'The engine is being stopped. Positions stay, and orders as `engine.onStop` has it.';
    case 'adopt':
    case 'flatten':
    case 'ignore':
      return decided(name, args);
    default:
      return ofStrategy(name, args);
  }
}

function ofStrategy(name: Command['name'], args: Command['args']): string | undefined {
  const what = strategiesText(args['name']);
  switch (name) {
    case 'stop':
      return `Stopped: ${what}. Entries are being cancelled; what is held stays, and so does its protection. \`start name=${String(args['name'])}\` starts again.`;
    case 'alloc':
      return `Weight of ${what}: ${String(args['weight'])}. It counts at the strategy's next new answer.`;
    case 'risk':
      return `Loss limit of ${args['name'] === undefined ? 'a strategy' : what}: ${formatNumber(Number(args['bps']), 0)} basis points of a day. Beyond it no new risk is taken; what is held stays.`;
    default:
      return undefined;
  }
}

/** About what no book explains. */
function decided(name: 'adopt' | 'flatten' | 'ignore', { symbol, account, strategy }: Command['args']): string {
  const what = `${String(symbol)}${account === undefined ? '' : ` on ${String(account)}`}`;
  if (name === 'flatten')
    return `Closing at the market what no book explains of ${what}: \`reconcile\` shows when that is done.`;
  if (name === 'ignore') return `Left in the suspense book: what no book explains of ${what}.`;
  const to = strategy === undefined ? 'the strategy that trades it' : `strategy ${String(strategy)}`;
  return `Given to ${to}: what no book explains of ${what}.`;
}

function scopeArguments(args: Command['args']): readonly string[] {
  return Object.entries(scopeOf({ args })).map(([scope, name]) => `${scope}=${String(name)}`);
}
