// What engine.yaml declares of an instrument against what IB says of its contract.
import { defineInstrument, type Instrument, type PriceStepRow, StepGrid } from '@bookrunner/sdk';
import { ibkrError } from '../ibkr-errors.js';

/** What IB says, in the quote currency. */
export interface ContractTerms {
  readonly currency: string;
  readonly multiplier: number;
  readonly priceSteps: readonly PriceStepRow[];
  readonly minSize: number;
  readonly sizeIncrement: number;
}

/**
 * The instrument with the terms of IB: steps and point value are facts of the contract and are taken over. A lot that is a whole
 * multiple of IB's increment stays: it is a wish. A currency that differs, or a point value that was declared and differs, means
 * another contract than the one that was meant.
 * Errors: IBKR_CONTRACT_TERMS.
 */
export function withContractTerms(instrument: Instrument, terms: ContractTerms): Instrument {
  checkDeclared(instrument, terms);
  const steps = terms.priceSteps;
  const priceStep = Math.min(...steps.map((row) => row.step));
  const isBanded = steps.length > 1 || (steps[0]?.from ?? 0) > 0;
  const lots = lotTerms(instrument, terms);
  const finest = defineInstrument({
    ...instrument,
    priceStep,
    priceSteps: isBanded ? steps : undefined,
    pointValue: terms.multiplier,
    ...lots,
    priceDecimals: undefined,
    quantityDecimals: undefined,
  });
  return defineInstrument({
    ...finest,
    priceDecimals: Math.max(instrument.priceDecimals, finest.priceDecimals),
    quantityDecimals: Math.max(instrument.quantityDecimals, finest.quantityDecimals),
  });
}

function checkDeclared(instrument: Instrument, { currency, multiplier }: ContractTerms): void {
  const { symbol, quote, pointValue } = instrument;
  const fail = (what: string, details: Readonly<Record<string, unknown>>): never => {
    throw ibkrError('IBKR_CONTRACT_TERMS', `${symbol}: ${what}`, { details: { symbol, ...details } });
  };
  if (currency !== '' && currency !== quote) {
    fail(`engine.yaml says its quote currency is ${quote}, IB says ${currency}.`, { quote, currency });
  }
  // 1 is what an instrument has that says nothing.
  if (pointValue !== 1 && pointValue !== multiplier) {
    fail(`engine.yaml says pointValue ${pointValue}, IB says multiplier ${multiplier}.`, { pointValue, multiplier });
  }
}

function lotTerms(
  { lotStep, minQty, maxQty }: Instrument,
  { sizeIncrement, minSize }: ContractTerms,
): Pick<Instrument, 'lotStep' | 'minQty' | 'maxQty'> {
  const isKept = new StepGrid(sizeIncrement).holds(lotStep) && lotStep >= sizeIncrement;
  return { lotStep: isKept ? lotStep : sizeIncrement, minQty: Math.max(minQty, minSize), maxQty };
}
