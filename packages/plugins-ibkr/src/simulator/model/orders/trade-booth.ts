import { toMoney } from '@bookrunner/sdk';
import type { Clock } from '@bookrunner/sdk';
import { sizeGrid } from '../accounts/amounts.js';
import type { ChargedUnits, Commission, CommissionModel } from '../accounts/commission-model.js';
import { listedContract, primaryExchangeOf } from '../instruments/contract-details.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import type { KnobSettings } from '../knob-settings.js';
import type { MarketPlace } from '../market/market-place.js';
import type { Execution, ExecutionRegister } from './execution-register.js';
import { ComboLiquidity } from './liquidity.js';
import type { OrderRecord } from './order-record.js';

/** What one fill is. */
export interface Fill {
  readonly lots: number;
  readonly price: number;
  readonly isAggressive: boolean;
}

interface Parts {
  readonly clock: Clock;
  readonly markets: MarketPlace;
  readonly executions: ExecutionRegister;
  readonly commissions: CommissionModel;
  readonly knobs: KnobSettings;
}

/** Turns fills into executions: one, one and its echo, or the whole of a BAG and its legs. */
export class TradeBooth {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Executions of a fill that the order has already counted. */
  execute(order: OrderRecord, fill: Fill): readonly Execution[] {
    const executions = order.subject.legs.length > 0 ? this.#combo(order, fill) : this.#single(order, fill);
    for (const { commission, role } of executions) if (role === 'trade') this.#charge(order, commission);
    return executions;
  }

  #single(order: OrderRecord, fill: Fill): readonly Execution[] {
    const { executions, clock, knobs } = this.#parts;
    const { instrument } = order;
    const { exchange } = order.subject.contract;
    const execution = {
      order,
      instrument,
      contract: listedContract(instrument, exchange === 'SMART' ? primaryExchangeOf(instrument) || 'SMART' : exchange),
      ts: clock.nowUtc(),
      isBuy: order.isBuy,
      lots: fill.lots,
      price: fill.price,
      liquidity: fill.isAggressive ? 2 : 1,
      commission: this.#commissionOf(order, instrument, fill),
      role: 'trade',
    } as const;
    const trade = executions.add(execution);
    return knobs.twoExecutionIds ? [trade, executions.add({ ...execution, role: 'echo' })] : [trade];
  }

  #combo(order: OrderRecord, fill: Fill): readonly Execution[] {
    const { executions, clock, markets } = this.#parts;
    const { legs, contract } = order.subject;
    const common = { order, ts: clock.nowUtc(), liquidity: fill.isAggressive ? 2 : 1 } as const;
    const nothing = { amount: toMoney(0), currency: order.instrument.currency };
    const whole = {
      ...common,
      instrument: order.instrument,
      contract,
      isBuy: order.isBuy,
      lots: fill.lots,
      price: fill.price,
    };
    const summary = executions.add({ ...whole, commission: nothing, role: 'summary' });
    const prices = legPrices(order, fill.price, new ComboLiquidity(legs, ({ instrument }) => markets.of(instrument)));
    return [
      summary,
      ...legs.map(({ instrument, ratio, isBuy }, i) => {
        const lots = sizeGrid(instrument).toSteps(ratio) * fill.lots;
        return executions.add({
          ...common,
          instrument,
          contract: listedContract(instrument, primaryExchangeOf(instrument) || instrument.exchanges[0]!),
          isBuy: isBuy === order.isBuy,
          lots,
          price: prices[i]!,
          commission: this.#commissionOf(order, instrument, { lots, price: prices[i]! }),
          role: 'trade',
        });
      }),
    ];
  }

  /** The minimum is the order's, for each leg of a BAG: parts that follow pay what goes beyond it. */
  #commissionOf(order: OrderRecord, instrument: InstrumentDefinition, units: ChargedUnits): Commission {
    const { commissions, executions } = this.#parts;
    const before = executions.bookedOf(order).filter((part) => part.instrument.conId === instrument.conId);
    return commissions.ofNext(instrument, before, units);
  }

  #charge(order: OrderRecord, { amount, currency }: Commission): void {
    order.commission += amount;
    order.commissionCurrency = currency;
  }
}

/** Quotes of the legs, the first moved so that they come to the price of the whole. */
function legPrices(order: OrderRecord, price: number, liquidity: ComboLiquidity): readonly number[] {
  const quoted = liquidity.legPrices(order.isBuy);
  const net = order.isBuy ? liquidity.ask : liquidity.bid;
  const first = order.subject.legs[0]!;
  const move = (price - net) / (first.isBuy ? first.ratio : -first.ratio);
  const moved = Math.round((quoted[0]! + move) * 1e8) / 1e8;
  return Number.isNaN(moved) ? quoted : [moved, ...quoted.slice(1)];
}
