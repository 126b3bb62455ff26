// What brokers know of the instruments traded there, asked before anything is subscribed.
import { defineInstrument, type EngineNotice, type Instrument, isTradingError, type Venue } from '@bookrunner/sdk';
import type { EngineConfig } from '../../config/index.js';
import { messageOf } from '../../execution/message-of.js';
import { isNetworkError } from '../../plugins/network-error.js';
import { type LimitedOutcome, withTimeLimit } from '../../plugins/time-limit.js';
import { brokerError } from './broker-errors.js';

/** Longest time a broker may take to answer for an instrument. */
export const RESOLVE_LIMIT_MS = 30_000;

/** What an order has to fit, and what money comes to: here the broker knows better than engine.yaml. */
const TERMS = ['priceStep', 'priceSteps', 'lotStep', 'minQty', 'maxQty', 'pointValue'] as const;

/** Terms of an instrument that are not those of engine.yaml. */
export type InstrumentTerms = Pick<Partial<Instrument>, (typeof TERMS)[number] | 'priceDecimals' | 'quantityDecimals'>;

/** What {@link askBroker} takes. */
export interface InstrumentQuestion {
  readonly name: string;
  readonly venue: Venue;
  /** As far as other brokers have told it. */
  readonly instrument: Instrument;
  /** As engine.yaml has it. */
  readonly declared: Instrument;
  readonly source: EngineConfig['source'];
  readonly onNotice: (notice: EngineNotice) => void;
  readonly now: () => number;
  /** {@link RESOLVE_LIMIT_MS} unless given. */
  readonly limitMs?: number;
}

/** The instrument as the broker trades it. Errors: BROKER_INSTRUMENT_UNKNOWN; BROKER_INSTRUMENT_UNTOLD where it does not answer for now. */
export async function askBroker(question: InstrumentQuestion): Promise<Instrument> {
  const { name, venue, instrument, declared, source, limitMs = RESOLVE_LIMIT_MS } = question;
  if (venue.resolve === undefined) return instrument;
  const outcome = await withTimeLimit(async () => venue.resolve?.(instrument), limitMs);
  if (outcome.kind !== 'done' || outcome.value === undefined) {
    const why = outcome.kind === 'failed' ? messageOf(outcome.cause) : `it did not answer within ${limitMs} ms`;
    throw brokerError(
      isForNow(outcome) ? 'BROKER_INSTRUMENT_UNTOLD' : 'BROKER_INSTRUMENT_UNKNOWN',
      source.mask(
        `instruments.${instrument.symbol}.venues.${name}: venue '${name}' cannot trade ${instrument.symbol}: ${why}`,
      ),
      { details: { venue: name, symbol: instrument.symbol, isUnclassified: isUnclassified(outcome) } },
    );
  }
  // Scales follow from what it trades in: a plugin that keeps more digits for itself changes nothing of the session.
  const { priceDecimals, quantityDecimals } = instrument;
  const terms = termsOf(instrument, { ...outcome.value, priceDecimals, quantityDecimals });
  for (const key of Object.keys(terms) as (keyof InstrumentTerms)[]) {
    if (key === 'priceDecimals' || key === 'quantityDecimals') continue;
    question.onNotice({
      ...{ ts: question.now(), level: 'warning', code: 'BROKER_INSTRUMENT_DIFFERS' },
      message: `${key} of ${instrument.symbol} is ${text(declared[key])} in engine.yaml and ${text(terms[key])} at '${name}': the latter is used.`,
      details: { venue: name, symbol: instrument.symbol, key },
    });
  }
  return withTerms(instrument, terms);
}

/** The error of a broker that joins a run on other terms than it began with. */
export function instrumentChanged(venue: string, symbol: string, terms: InstrumentTerms): Error {
  const what = Object.entries(terms).map(([key, value]) => `${key} is ${text(value)} now`);
  return brokerError(
    'BROKER_INSTRUMENT_CHANGED',
    `Venue '${venue}' trades ${symbol} on other terms than this session: ${what.join(', ')}.`,
    { details: { venue, symbol } },
  );
}

/** It was thrown without a word on whether it may pass. */
function isUnclassified(outcome: LimitedOutcome<unknown>): boolean {
  return outcome.kind === 'failed' && !isTradingError(outcome.cause);
}

function isForNow(outcome: LimitedOutcome<unknown>): boolean {
  if (outcome.kind === 'late') return true;
  if (outcome.kind !== 'failed') return false;
  const { cause } = outcome;
  return isTradingError(cause) ? cause.severity === 'retryable' : isNetworkError(cause);
}

/** Terms as engine.yaml has them, all of them: undefined for what it does not say. */
export function declaredTerms(declared: Instrument): InstrumentTerms {
  return Object.fromEntries(TERMS.map((key) => [key, declared[key]]));
}

/**
 * What differs; empty where nothing does. Scales are those of `resolved` where they are finer than what follows from its steps: brokers that
 * were asked before may have told finer steps than the last one, and a session is what its terms say.
 */
export function termsOf(own: Instrument, resolved: Instrument): InstrumentTerms {
  const entries = TERMS.filter((key) => resolved[key] !== undefined && text(resolved[key]) !== text(own[key])).map(
    (key) => [key, resolved[key]] as const,
  );
  const fitting = withTerms(own, Object.fromEntries(entries));
  const priceDecimals = Math.max(fitting.priceDecimals, resolved.priceDecimals);
  const quantityDecimals = Math.max(fitting.quantityDecimals, resolved.quantityDecimals);
  const isSame = own.priceDecimals === priceDecimals && own.quantityDecimals === quantityDecimals;
  return { ...Object.fromEntries(entries), ...(isSame ? {} : { priceDecimals, quantityDecimals }) };
}

/** The instrument with other terms; scales are never coarser than they were. Errors: INSTRUMENT_INVALID. */
export function withTerms(instrument: Instrument, terms: InstrumentTerms): Instrument {
  if (Object.keys(terms).length === 0) return instrument;
  const { priceDecimals, quantityDecimals } = instrument;
  const finest = defineInstrument({ ...instrument, ...terms, priceDecimals: undefined, quantityDecimals: undefined });
  return defineInstrument({
    ...{ ...instrument, ...terms },
    priceDecimals: Math.max(priceDecimals, terms.priceDecimals ?? finest.priceDecimals),
    quantityDecimals: Math.max(quantityDecimals, terms.quantityDecimals ?? finest.quantityDecimals),
  });
}

function text(value: unknown): string {
  if (value === undefined) return 'not given';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
