// Test support: positions and money of a broker's account, worked out anew from all that was executed, in whole numbers.
import {
  type Currency,
  divideRounded,
  type Fill,
  type Instrument,
  MONEY_DECIMALS,
  type Money,
  moneyPower,
  toMoney,
  toScaled,
} from '@bookrunner/sdk';

/** What an account has. */
export interface BrokerMoney {
  /** Signed, at the instrument's quantity decimals, by symbol. */
  readonly positions: ReadonlyMap<string, number>;
  readonly cash: ReadonlyMap<Currency, Money>;
}

/** Sums executions up. Where positions are not paid for, cash is what was realised, at average cost; fees are paid in any case. */
export function sumUp(
  executions: readonly Fill[],
  instrumentOf: (symbol: string) => Instrument,
  isMarginSettled: boolean,
): BrokerMoney {
  const held = new Map<string, { qty: number; cost: Money }>();
  const cash = new Map<Currency, Money>();
  const pay = (currency: Currency, amount: Money): void => void cash.set(currency, (cash.get(currency) ?? 0n) + amount);
  for (const { symbol, side, qty, price, fee, feeCurrency } of executions) {
    const instrument = instrumentOf(symbol);
    const position = held.get(symbol) ?? { qty: 0, cost: 0n };
    held.set(symbol, position);
    const signed = toScaled(side === 'buy' ? qty : -qty, instrument.quantityDecimals);
    const worth = worthOf(instrument, signed, price);
    const { cost } = position;
    enter(position, { signed, worth });
    pay(instrument.quote, isMarginSettled ? position.cost - cost - worth : -worth);
    pay(feeCurrency, -toMoney(fee));
  }
  return { positions: new Map([...held].map(([symbol, { qty }]) => [symbol, qty])), cash };
}

/** What is closed leaves with its share of the cost; what is opened comes in at what it is worth. */
function enter(
  position: { qty: number; cost: Money },
  { signed, worth }: { readonly signed: number; readonly worth: Money },
): void {
  const isOpposite = position.qty !== 0 && position.qty > 0 !== signed > 0;
  const closed = isOpposite ? Math.min(Math.abs(signed), Math.abs(position.qty)) : 0;
  if (closed > 0) position.cost -= divideRounded(position.cost * BigInt(closed), BigInt(Math.abs(position.qty)));
  const opened = Math.abs(signed) - closed;
  position.cost += signed === 0 ? 0n : (worth / BigInt(Math.abs(signed))) * BigInt(opened);
  position.qty += signed;
}

function worthOf({ priceDecimals, quantityDecimals, pointValue }: Instrument, qty: number, price: number): Money {
  if (!Number.isInteger(pointValue)) throw new RangeError('A point value here is a whole number.');
  const product = BigInt(qty) * BigInt(toScaled(price, priceDecimals)) * BigInt(pointValue);
  return product * moneyPower(MONEY_DECIMALS - priceDecimals - quantityDecimals);
}
