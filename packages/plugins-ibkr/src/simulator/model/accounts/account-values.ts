// Accounts in the words of account updates and of the account summary.
import { moneyToNumber } from '@bookrunner/sdk';
import type { AccountBook } from './account-book.js';
import { moneyText } from './account-valuation.js';
import type { AccountFigures, AccountValuation, ValuedHolding } from './account-valuation.js';

/** One value of an account. The currency is empty where it is no money. */
export interface AccountRow {
  readonly key: string;
  readonly value: string;
  readonly currency: string;
}

/** Everything in the base currency, as if it were one more. */
const BASE = 'BASE';

/** Reads accounts as rows. */
export class AccountValues {
  readonly #accounts: AccountBook;
  readonly #valuation: AccountValuation;

  constructor(accounts: AccountBook, valuation: AccountValuation) {
    this.#accounts = accounts;
    this.#valuation = valuation;
  }

  /** All rows of an account: the account as a whole, then currency by currency. */
  of(account: string): readonly AccountRow[] {
    return [...this.summary(account), ...this.ledger(account)];
  }

  /** The account as a whole, in its base currency. */
  summary(account: string): readonly AccountRow[] {
    const figures = this.#valuation.of(account);
    const plain = (key: string, value: string): AccountRow => ({ key, value, currency: '' });
    return [
      plain('AccountCode', account),
      plain('AccountReady', 'true'),
      plain('AccountType', 'INDIVIDUAL'),
      plain('Cushion', cushionOf(figures)),
      plain('DayTradesRemaining', '-1'),
      plain('Leverage', (figures.equity === 0 ? 0 : figures.grossValue / figures.equity).toFixed(2)),
      ...Object.entries(amountsOf(figures)).map(([key, amount]) => {
        return { key, value: moneyText(amount), currency: figures.baseCurrency };
      }),
    ];
  }

  /** Cash and holdings of each currency, and of all in the base currency. */
  ledger(account: string): readonly AccountRow[] {
    const { cash, baseCurrency } = this.#accounts.ledger(account);
    const held = this.#valuation.holdings(account);
    const currencies = new Set([...Object.keys(cash), ...held.map(({ holding }) => holding.instrument.currency)]);
    const perCurrency = [...currencies].map((currency) => ({
      currency,
      rate: this.#valuation.rate(currency, baseCurrency),
      amounts: ledgerAmounts(
        moneyToNumber(cash[currency] ?? 0n),
        held.filter(({ holding }) => holding.instrument.currency === currency),
      ),
    }));
    const total: Record<string, number> = {};
    for (const { amounts, rate } of perCurrency) {
      for (const [key, amount] of Object.entries(amounts)) total[key] = (total[key] ?? 0) + amount * rate;
    }
    const all = [...perCurrency, { currency: BASE, rate: 1, amounts: total }];
    return all.flatMap(({ currency, rate, amounts }) => [
      { key: 'Currency', value: currency, currency },
      ...Object.entries(amounts).map(([key, amount]) => ({ key, value: moneyText(amount), currency })),
      { key: 'ExchangeRate', value: rate.toFixed(2), currency },
    ]);
  }
}

function cushionOf({ equity, maintenanceMargin }: AccountFigures): string {
  return (equity === 0 ? 1 : (equity - maintenanceMargin) / equity).toFixed(4);
}

function amountsOf(figures: AccountFigures): Readonly<Record<string, number>> {
  const { cash, equity, grossValue, initialMargin, maintenanceMargin } = figures;
  const available = equity - initialMargin;
  return {
    NetLiquidation: equity,
    TotalCashValue: cash,
    SettledCash: cash,
    AccruedCash: 0,
    BuyingPower: Math.max(0, available) * 2,
    EquityWithLoanValue: equity,
    PreviousDayEquityWithLoanValue: equity,
    GrossPositionValue: grossValue,
    InitMarginReq: initialMargin,
    MaintMarginReq: maintenanceMargin,
    AvailableFunds: available,
    ExcessLiquidity: equity - maintenanceMargin,
    FullInitMarginReq: initialMargin,
    FullMaintMarginReq: maintenanceMargin,
    FullAvailableFunds: available,
    FullExcessLiquidity: equity - maintenanceMargin,
    LookAheadInitMarginReq: initialMargin,
    LookAheadMaintMarginReq: maintenanceMargin,
    LookAheadAvailableFunds: available,
    LookAheadExcessLiquidity: equity - maintenanceMargin,
  };
}

function ledgerAmounts(cash: number, held: readonly ValuedHolding[]): Readonly<Record<string, number>> {
  const valueOf = (...types: readonly string[]): number =>
    held.filter(({ holding }) => types.includes(holding.instrument.secType)).reduce((sum, { value }) => sum + value, 0);
  const margined = held.filter(
    ({ holding }) => holding.instrument.secType === 'FUT' || holding.instrument.secType === 'CFD',
  );
  const gained = margined.reduce((sum, item) => sum + item.value - moneyToNumber(item.holding.cost), 0);
  const stocks = valueOf('STK', 'CRYPTO');
  const options = valueOf('OPT');
  return {
    CashBalance: cash,
    TotalCashBalance: cash,
    AccruedCash: 0,
    StockMarketValue: stocks,
    OptionMarketValue: options,
    FuturesPNL: gained,
    NetLiquidationByCurrency: cash + stocks + options + gained,
    UnrealizedPnL: held.reduce((sum, { unrealized }) => sum + unrealized, 0),
    RealizedPnL: held.reduce((sum, { realized }) => sum + realized, 0),
  };
}
