// What a strategy that answered nonsense probably meant, and what can be done: for a person, beside the kernel's notice.
import type { TargetPosition } from '@bookrunner/sdk';
import { nearMiss } from '../config/near-miss.js';
import type { StrategyFailure } from '../signals/strategy-failure.js';

/** What follows the text of a notice, and what is to be done. */
export interface AnswerAdvice {
  readonly what: string;
  readonly remedy: string;
}

const FIELDS = {
  target: ['share', 'units', 'weight', 'entry', 'protect', 'rebalance'],
  entry: ['limit', 'stop', 'tif', 'expiresAt'],
  protect: ['stop', 'takeProfit', 'trail'],
} as const;

const PRICES = { entry: ['limit', 'stop'], protect: ['stop', 'takeProfit', 'trail'] } as const;

/** More symbols than that are counted. */
const SHOWN_SYMBOLS = 20;

/** Advice on an answer that was wrong; undefined where its text says all there is to say. */
export function answerAdvice({ answer, symbols = [] }: StrategyFailure): AnswerAdvice | undefined {
  if (answer?.undeclared !== undefined) return symbolAdvice(answer.undeclared, symbols);
  if (answer?.target === undefined) return undefined;
  try {
    return fieldAdvice(answer.target) ?? priceAdvice(answer.target);
  } catch {
    // What strategies answer may be anything: the failure is told all the same.
    return undefined;
  }
}

function symbolAdvice(symbol: string, declared: readonly string[]): AnswerAdvice {
  const more = declared.length - SHOWN_SYMBOLS;
  const shown = more > 0 ? [...declared.slice(0, SHOWN_SYMBOLS), `${more} more`] : declared;
  // A target with a typo in its only measure is taken for a record of answers by symbol.
  const near = nearMiss(symbol, [...declared, ...FIELDS.target]);
  return {
    what: `It declares ${listed(shown)}.${meant(near === undefined ? [] : [near])}`,
    remedy: 'Answer for symbols that the strategy declares, or add the symbol to its `symbols` in engine.yaml.',
  };
}

/** Of the first field that nobody reads, in the order in which the fields are looked at. */
function fieldAdvice(target: TargetPosition): AnswerAdvice | undefined {
  const levels = { target, entry: target.entry, protect: target.protect };
  for (const level of ['target', 'entry', 'protect'] as const) {
    const known: readonly string[] = FIELDS[level];
    const unknown = Object.keys(levels[level] ?? {}).find((field) => !known.includes(field));
    if (unknown === undefined) continue;
    const of = level === 'target' ? 'a target' : level;
    return {
      what: `The fields of ${of} are ${listed(known)}.${meant(meantFields(unknown, level))}`,
      remedy: 'Correct the name of the field in what the strategy answers.',
    };
  }
  return undefined;
}

/** A field of another level is that one; else the near miss. */
function meantFields(field: string, level: keyof typeof FIELDS): readonly string[] {
  const elsewhere = (['entry', 'protect'] as const).filter((other) => {
    return other !== level && (FIELDS[other] as readonly string[]).includes(field);
  });
  if (elsewhere.length > 0) return elsewhere.map((other) => `${other}.${field}`);
  const near = nearMiss(field, FIELDS[level]);
  return near === undefined ? [] : [near];
}

function priceAdvice(target: TargetPosition): AnswerAdvice | undefined {
  const prices = (['entry', 'protect'] as const).flatMap((level) => {
    const fields: Readonly<Record<string, unknown>> = { ...target[level] };
    return PRICES[level].flatMap((name) => {
      const price = fields[name];
      return price === undefined || Number.isFinite(price) ? [] : [`${level}.${name} ${String(price)}`];
    });
  });
  if (prices.length === 0) return undefined;
  return {
    what: `It answered ${listed(prices)}.`,
    remedy:
      'Answer nothing, or leave the price out, while it is not known: features are NaN during warm-up or in a flat market.',
  };
}

function meant(words: readonly string[]): string {
  return words.length === 0 ? '' : ` Did you mean ${words.map((word) => `'${word}'`).join(' or ')}?`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
