// What the gateway says of orders and executions, in the words of the model.
import type { Fill, TimeInForce } from '@bookrunner/sdk';
import type { Contract, Order as IbOrder } from '@stoqey/ib';
import type { ContractBook, QualifiedContract } from '../contracts/qualified-contract.js';
import { priceFromIb } from '../contracts/ib-numbers.js';
import { executionTime } from './execution-time.js';
import type { IbExecution, IbFee } from './ib-execution.js';
import { engineOrderType } from './ib-order.js';
import { fromIbPrice } from './order-prices.js';
import { readOrderRef } from './order-reference.js';
import type { ChangeableTerms, OrderTerms } from './order-terms.js';

const TIMES: ReadonlySet<string> = new Set(['DAY', 'GTC', 'IOC', 'FOK', 'GTD']);
/** A combination: its legs are told beside it, and only they are positions. */
const COMBINATION = 'BAG';

/** Words for what one user of a session sees. */
export class OrderWording {
  readonly #contracts: ContractBook;
  readonly #zone: string;

  constructor(contracts: ContractBook, zone: string) {
    this.#contracts = contracts;
    this.#zone = zone;
  }

  qualified(contract: Contract): QualifiedContract | undefined {
    return this.#contracts.find(contract);
  }

  /** Its symbol in engine.yaml; a name that no instrument there can have, where it is not one of them. */
  symbolOf(contract: Contract): string {
    return this.qualified(contract)?.instrument.symbol ?? contractName(contract);
  }

  /** What an open order says of what was ordered. */
  termsOf(id: string, contract: Contract, told: IbOrder): OrderTerms {
    const { orderType, lmtPrice, action, tif = '', goodTillDate, account = '', auxPrice } = told;
    const type = engineOrderType(orderType, lmtPrice);
    const isTrailing = type === 'trailing-stop';
    return {
      ...{ clientOrderId: id, tag: readOrderRef(told.orderRef)?.tag ?? '', symbol: this.symbolOf(contract), account },
      ...{ side: action === 'BUY' ? 'buy' : 'sell', orderType: type, tif: timeInForce(tif) },
      ...this.changeableTerms(contract, told),
      expiresAt: executionTime(goodTillDate, this.#zone),
      trail: isTrailing ? this.#price(contract, auxPrice) : Number.NaN,
    };
  }

  changeableTerms(contract: Contract, told: IbOrder): ChangeableTerms {
    const { orderType, lmtPrice, auxPrice, totalQuantity } = told;
    const type = engineOrderType(orderType, lmtPrice);
    const hasLimit = type === 'limit' || type === 'stop-limit';
    const hasStop = type === 'stop' || type === 'stop-limit';
    return {
      // Its legs count, each in units of its own.
      qty: isCombination(contract) ? Number.NaN : (totalQuantity ?? Number.NaN),
      limitPrice: hasLimit ? this.#price(contract, lmtPrice) : Number.NaN,
      stopPrice: hasStop ? this.#price(contract, auxPrice) : Number.NaN,
    };
  }

  /** Level of a stop as it is now; NaN where there is none. */
  stopLevel(contract: Contract, { orderType, lmtPrice, auxPrice, trailStopPrice }: IbOrder): number {
    const type = engineOrderType(orderType, lmtPrice);
    if (type === 'trailing-stop') return this.#price(contract, trailStopPrice);
    return type === 'stop' || type === 'stop-limit' ? this.#price(contract, auxPrice) : Number.NaN;
  }

  /** A fee that is not known yet is 0, and told later. */
  fill(execution: IbExecution, fee: IbFee | undefined, order: { readonly id: string; readonly tag: string }): Fill {
    const { executionId, contract, side, qty, liquidity, ts, account } = execution;
    const qualified = this.qualified(contract);
    return Object.freeze({
      ...{ orderId: order.id, tag: order.tag === '' ? execution.tag : order.tag, account },
      ...{ executionId, symbol: this.symbolOf(contract), side, qty, liquidity, ts },
      price: qualified === undefined ? execution.price : priceFromIb(qualified, execution.price),
      fee: fee?.fee ?? 0,
      feeCurrency: fee?.currency ?? qualified?.instrument.quote ?? contract.currency ?? '',
    });
  }

  #price(contract: Contract, price: number | undefined): number {
    const qualified = this.qualified(contract);
    if (qualified !== undefined) return fromIbPrice(price, qualified);
    return price === undefined || !Number.isFinite(price) || price === Number.MAX_VALUE ? Number.NaN : price;
  }
}

/** Whether it is a combination of other contracts. */
export function isCombination({ secType }: Contract): boolean {
  return secType === COMBINATION;
}

/** A contract that engine.yaml does not name: `VOD STK 7000`. */
export function contractName({ localSymbol, symbol, secType, conId }: Contract): string {
  return [localSymbol || symbol, secType, conId].filter((part) => part !== undefined && part !== '').join(' ');
}

function timeInForce(tif: string): TimeInForce {
  return TIMES.has(tif) ? (tif as TimeInForce) : 'GTC';
}
