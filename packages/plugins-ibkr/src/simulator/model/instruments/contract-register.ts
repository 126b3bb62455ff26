import type { EpochMs } from '@bookrunner/sdk';
import { simulatorError } from '../../simulator-errors.js';
import type { WireContract } from '../../wire/contract.js';
import type { WireContractDetails } from '../../wire/messages.js';
import { dayText } from '../wall-clock.js';
import { detailsOf, listedContract } from './contract-details.js';
import type { InstrumentDefinition } from './instrument-definition.js';
import { MarketRules } from './market-rules.js';
import { TradingHours } from './trading-hours.js';
import type { HoursKept } from './trading-hours.js';

/** One contract found for an order or a subscription, or why none was. */
export type ContractAnswer =
  | { readonly kind: 'found'; readonly instrument: InstrumentDefinition; readonly contract: WireContract }
  | { readonly kind: 'unknown' | 'ambiguous'; readonly message: string };

/** All contracts, and how a client's description finds them. */
export class ContractRegister {
  readonly rules = new MarketRules();
  readonly #byId = new Map<number, InstrumentDefinition>();
  readonly #hours = new Map<number, TradingHours>();
  readonly #kept: HoursKept;

  constructor(instruments: readonly InstrumentDefinition[], kept: HoursKept) {
    this.#kept = kept;
    for (const instrument of instruments) this.#add(instrument);
  }

  get all(): readonly InstrumentDefinition[] {
    return [...this.#byId.values()];
  }

  byId(conId: number): InstrumentDefinition | undefined {
    return this.#byId.get(conId);
  }

  /** By conId, local symbol (`EUR.USD`) or symbol; the first that was listed. Errors: SIMULATOR_UNKNOWN where there is none. */
  find(name: number | string): InstrumentDefinition {
    const all = this.all;
    const found =
      typeof name === 'number'
        ? this.#byId.get(name)
        : (all.find(({ localSymbol }) => localSymbol === name) ?? all.find(({ symbol }) => symbol === name));
    if (found === undefined) throw simulatorError('SIMULATOR_UNKNOWN', `The simulator lists no instrument '${name}'.`);
    return found;
  }

  hours({ conId }: InstrumentDefinition): TradingHours {
    return this.#hours.get(conId)!;
  }

  /** The one contract that a description names on one exchange. */
  resolve(wanted: WireContract, now: EpochMs): ContractAnswer {
    const found = this.#matching(wanted).filter((instrument) => !isExpired(instrument, now));
    const [instrument, ...others] = found;
    if (instrument === undefined) {
      return { kind: 'unknown', message: 'No security definition has been found for the request' };
    }
    if (others.length > 0) {
      return { kind: 'ambiguous', message: `The contract description specified for ${wanted.symbol} is ambiguous.` };
    }
    const exchange = wanted.exchange === '' ? instrument.exchanges[0]! : wanted.exchange;
    return { kind: 'found', instrument, contract: listedContract(instrument, exchange) };
  }

  /** Details of all that a description fits: one row per listing where it names no exchange. */
  details(
    wanted: WireContract,
    asked: { readonly now: EpochMs; readonly includeExpired: boolean },
  ): WireContractDetails[] {
    const found = this.#matching(wanted).filter((item) => asked.includeExpired || !isExpired(item, asked.now));
    return found.flatMap((instrument) => {
      const exchanges = wanted.exchange === '' ? instrument.exchanges : [wanted.exchange];
      return exchanges.map((exchange) => this.#details(instrument, exchange, asked.now));
    });
  }

  /** Contracts whose symbol starts with, or whose name holds, a text: options and futures only through their underlying. */
  samples(pattern: string): readonly InstrumentDefinition[] {
    const text = pattern.toUpperCase();
    return this.all.filter(
      ({ symbol, secType, longName = '' }) =>
        !DERIVATIVES.has(secType) && (symbol.startsWith(text) || longName.toUpperCase().includes(text)),
    );
  }

  /** Options and futures that stand on a contract. */
  derivativesOf(conId: number): readonly InstrumentDefinition[] {
    return this.all.filter(({ underlying }) => underlying === conId);
  }

  /** Lists an instrument; one with the same conId is replaced. */
  #add(instrument: InstrumentDefinition): void {
    this.#byId.set(instrument.conId, instrument);
    this.#hours.set(instrument.conId, new TradingHours(instrument, this.#kept));
    this.rules.idOf(instrument);
  }

  #details(instrument: InstrumentDefinition, exchange: string, now: EpochMs): WireContractDetails {
    const hours = this.hours(instrument);
    return detailsOf(instrument, {
      exchange,
      tradingHours: hours.text(now, false),
      liquidHours: hours.text(now, true),
      marketRule: this.rules.idOf(instrument),
      underlying: this.#byId.get(instrument.underlying ?? 0),
    });
  }

  #matching(wanted: WireContract): readonly InstrumentDefinition[] {
    const onExchange = ({ exchanges }: InstrumentDefinition): boolean =>
      wanted.exchange === '' || exchanges.includes(wanted.exchange);
    if (wanted.conId > 0) {
      const known = this.#byId.get(wanted.conId);
      return known === undefined || !onExchange(known) ? [] : [known];
    }
    return this.all.filter((instrument) => onExchange(instrument) && fits(instrument, wanted));
  }
}

const DERIVATIVES = new Set(['OPT', 'FUT', 'FOP', 'CFD']);

/** Whether what a client gave of a contract is true of the instrument; what it did not give is. */
function fits(instrument: InstrumentDefinition, wanted: WireContract): boolean {
  if (wanted.symbol === '' && wanted.localSymbol === '') return false;
  const contract = listedContract(instrument, '');
  const isStrike = !(wanted.strike > 0) || wanted.strike === Number.MAX_VALUE || wanted.strike === contract.strike;
  // A month names all expiries in it.
  const expiry = wanted.lastTradeDateOrContractMonth.split(/[ -]/)[0] ?? '';
  const isExpiry = contract.lastTradeDateOrContractMonth.startsWith(expiry);
  return isStrike && isExpiry && givenTexts(contract, wanted).every(([asked, is]) => asked === '' || asked === is);
}

/** What was asked for, and what is. */
function givenTexts(contract: WireContract, wanted: WireContract): readonly (readonly [string, string])[] {
  const right = NO_RIGHT.has(wanted.right) ? '' : wanted.right.slice(0, 1);
  // Only stocks have a primary exchange; what is said of others is passed over.
  const primary = contract.primaryExchange === '' || wanted.primaryExchange === 'SMART' ? '' : wanted.primaryExchange;
  return [
    [wanted.symbol, contract.symbol],
    [wanted.localSymbol, contract.localSymbol],
    [wanted.secType, contract.secType],
    [wanted.currency, contract.currency],
    [wanted.tradingClass, contract.tradingClass],
    [wanted.multiplier, contract.multiplier === '' ? '1' : contract.multiplier],
    [right, contract.right],
    [primary, contract.primaryExchange],
  ];
}

const NO_RIGHT = new Set(['?', '0']);

function isExpired({ expiry, timeZone }: InstrumentDefinition, now: EpochMs): boolean {
  return expiry !== undefined && expiry < dayText(now, timeZone);
}
