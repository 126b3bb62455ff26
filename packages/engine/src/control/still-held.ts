// What a `resume` or a `start` has not let go: sentences for the person who said it.
import type { Command } from '@bookrunner/sdk';
import { ALL_STRATEGIES } from './check-command.js';
import type { EngineSnapshot, HaltView, StrategyView } from './engine-snapshot.js';
import { givenReason, type HaltEntry, scopeText } from './halt-latch.js';
import { isOf } from './halt-reason.js';

const LOST: ReadonlySet<string> = new Set(['disconnected', 'failed']);

/**
 * One sentence for each halt that stays, for each wish that was refused and waits, and of a `start` for each broker and feed that is away; of
 * one strategy for what concerns it.
 */
export function stillHeld(
  { name, args }: Command,
  { halts, strategies, venues, feeds }: Pick<EngineSnapshot, 'halts' | 'strategies' | 'venues' | 'feeds'>,
  latched: readonly HaltEntry[],
): readonly string[] {
  const started = strategies.find(({ name: own }) => name === 'start' && own === args['name']);
  const isAll = name !== 'start' || args['name'] === ALL_STRATEGIES;
  const concerned = halts.filter(
    (halt) =>
      isAll || halt.scope === 'global' || halt.scope === 'venue' || [started?.book, started?.name].includes(halt.name),
  );
  const onDisk = latched.filter((entry) => !halts.some((halt) => isOf(entry, halt)));
  const isOfStart = (part: string, own: string | undefined): boolean => name === 'start' && (isAll || part === own);
  const away = venues.filter(({ name: venue, isReconciled }) => !isReconciled && isOfStart(venue, started?.venue));
  const silent = feeds.filter(({ name: feed, state }) => LOST.has(state) && isOfStart(feed, started?.feed));
  const waiting = isAll ? strategies : strategies.filter((strategy) => strategy === started);
  return [
    ...concerned.map(haltText),
    ...(isAll ? onDisk.map(latchText) : []),
    ...waiting.flatMap(waitTexts),
    ...away.map(({ name: venue }) => `Venue ${venue} has not said what is there: nothing is sent to it until then.`),
    ...silent.map(
      ({ name: feed, state }) => `Feed ${feed} is ${state}: no strategy is asked about what it would bring.`,
    ),
  ];
}

function haltText({ scope, name, reason, until }: HaltView): string {
  const what = scope === 'global' ? 'Everything' : `${scope[0]?.toUpperCase() ?? ''}${scope.slice(1)} ${name}`;
  const why = reason.replace(/\.$/, '');
  const end = until === null ? '' : `, until ${new Date(until).toISOString()} at the latest`;
  return `${what} is still halted (${why})${end}: resume it with ${argumentOf(scope, name)}.`;
}

function waitTexts({ name, positions }: StrategyView): readonly string[] {
  return positions
    .filter(({ awaitsOtherAnswer, target, qty }) => awaitsOtherAnswer && target !== null && target !== qty)
    .map(
      ({ symbol, target, qty }) =>
        `Strategy ${name} wants ${target} ${symbol} and has ${qty}: that was refused or has ended, and it waits for another answer of the strategy.`,
    );
}

function argumentOf(scope: HaltView['scope'], name: string): string {
  if (scope === 'global') return 'no book, venue or name';
  return `${scope === 'strategy' ? 'name' : scope}=${name}`;
}

function latchText(entry: HaltEntry): string {
  const reason = givenReason(entry).replace(/\.$/, '');
  const why = reason === '' ? '' : ` (${reason})`;
  return `The file HALTED still has a ${entry.level} of ${scopeText(entry)} by ${entry.actor}${why}: the next start begins with it.`;
}
