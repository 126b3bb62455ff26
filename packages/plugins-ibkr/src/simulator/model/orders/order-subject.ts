import type { EpochMs } from '@bookrunner/sdk';
import type { WireContract } from '../../wire/contract.js';
import type { WireOrder } from '../../wire/requests.js';
import type { ContractRegister } from '../instruments/contract-register.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import type { OrderFault } from './order-checks.js';
import type { ComboLeg, OrderSubject } from './order-record.js';

interface Asked {
  readonly contract: WireContract;
  readonly order: WireOrder;
  readonly now: EpochMs;
}

/** IB names all combinations by this number. */
const BAG_CON_ID = 28_812_380;

/** What an order is about, or why that is not known. */
export function subjectOf(contracts: ContractRegister, asked: Asked): OrderSubject | OrderFault {
  if (asked.contract.secType === 'BAG') return comboOf(contracts, asked);
  const answer = contracts.resolve(asked.contract, asked.now);
  if (answer.kind !== 'found') return { code: 200, message: answer.message };
  return { instrument: answer.instrument, contract: answer.contract, legs: [] };
}

function comboOf(contracts: ContractRegister, { contract, order }: Asked): OrderSubject | OrderFault {
  const legs: ComboLeg[] = [];
  for (const { conId, ratio, action } of order.comboLegs) {
    const instrument = contracts.byId(conId);
    if (instrument === undefined)
      return { code: 200, message: 'No security definition has been found for the request' };
    if (!(Number.isInteger(ratio) && ratio > 0)) return invalidLegs('ratio');
    legs.push({ instrument, ratio, isBuy: action === 'BUY' });
  }
  const [first] = legs;
  if (first === undefined || legs.length < 2) {
    return invalidLegs('number');
  }
  const instrument = bagOf(contract, legs);
  return {
    instrument,
    contract: { ...contract, conId: BAG_CON_ID, tradingClass: 'COMB', localSymbol: contract.symbol },
    legs,
  };
}

function invalidLegs(what: string): OrderFault {
  return { code: 321, message: `Error validating request.-'b9' : cause - Invalid ${what} of combo legs` };
}

/** The combination as an instrument: it trades while its first leg does, in the finest steps of its legs. */
function bagOf({ symbol, currency }: WireContract, legs: readonly ComboLeg[]): InstrumentDefinition {
  const [first] = legs as readonly [ComboLeg];
  const increments = legs.flatMap(({ instrument }) => instrument.priceIncrements.map(({ increment }) => increment));
  return {
    conId: BAG_CON_ID,
    symbol,
    secType: 'BAG',
    currency,
    exchanges: ['SMART'],
    priceIncrements: [{ lowEdge: 0, increment: Math.min(...increments) }],
    calendar: first.instrument.calendar,
    timeZone: first.instrument.timeZone,
    startPrice: 1,
  };
}
