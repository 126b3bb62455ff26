// Prices and quantities as people read them: in the decimals of their instrument, without what binary sums leave behind.
import { decimalsOf, type Instrument } from '@bookrunner/sdk';
import { formatExact, formatNumber } from '../report/format.js';

/** Decimals of what is shown of an instrument: those of its steps at least, and no more than its facts have. */
export interface ShownDecimals {
  readonly price: Decimals;
  readonly qty: Decimals;
}

interface Decimals {
  readonly least: number;
  readonly most: number;
}

/** Of an instrument as the run has it. */
export function shownDecimals({
  priceStep,
  priceDecimals,
  lotStep,
  quantityDecimals,
}: Pick<Instrument, 'priceStep' | 'priceDecimals' | 'lotStep' | 'quantityDecimals'>): ShownDecimals {
  return {
    price: { least: decimalsOf(priceStep), most: priceDecimals },
    qty: { least: decimalsOf(lotStep), most: quantityDecimals },
  };
}

/** The figure in these decimals; as it is where they are not known. */
export function decimalText(value: number | null, decimals: Decimals | undefined): string {
  if (value === null || decimals === undefined) return formatExact(value);
  const digits = value.toFixed(decimals.most).split('.')[1]?.replace(/0+$/, '').length ?? 0;
  return formatNumber(value, Math.max(decimals.least, digits));
}
