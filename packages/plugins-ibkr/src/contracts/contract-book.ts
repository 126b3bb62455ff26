import type { Clock, Instrument, PriceStepRow, TradingError } from '@bookrunner/sdk';
import type { Contract, ContractDetails, PriceIncrement } from '@stoqey/ib';
import { classify } from '../errors/classify.js';
import { ibkrError } from '../ibkr-errors.js';
import type { Gateway } from '../session/gateway.js';
import { contractText, exchangeOf, expiryOf, notFound, pickDetails } from './contract-details.js';
import { withContractTerms } from './contract-terms.js';
import { contractTimeZone } from './contract-time-zone.js';
import { askGateway } from './gateway-question.js';
import { stepFromIb } from './ib-numbers.js';
import { type ContractName, namedInstrument } from './normalize-contract.js';
import { marketRuleOf, priceBands } from './price-bands.js';
import type { ContractBook, QualifiedContract } from './qualified-contract.js';
import { TWS_EVENT } from './tws-names.js';
import { wantedContract } from './wanted-contract.js';

const NO_SECURITY_DEFINITION = 200;
const ANSWER_LIMIT_MS = 15_000;

/** What {@link GatewayContractBook} is made of. */
export interface ContractBookParts {
  readonly gateway: Gateway;
  readonly clock: Clock;
  /** Under which name instruments carry what this plugin needs: `venues.<name>`. */
  readonly name: string;
  /** Whether no two symbols may be one contract: for who has to say which of them an execution is of. */
  readonly isOneToOne?: boolean;
  /** Longest wait for one answer; 15 s unless told otherwise. */
  readonly answerLimitMs?: number;
}

/** Asks the gateway for contracts, once each; what failed is asked again the next time. */
export class GatewayContractBook implements ContractBook {
  readonly #parts: ContractBookParts;
  readonly #answers = new Map<string, Promise<QualifiedContract>>();
  readonly #bySymbol = new Map<string, QualifiedContract>();
  readonly #byConId = new Map<number, QualifiedContract>();
  readonly #rules = new Map<number, Promise<readonly PriceIncrement[]>>();

  constructor(parts: ContractBookParts) {
    this.#parts = parts;
  }

  /** Errors: IBKR_CONTRACT_INVALID, IBKR_CONTRACT_TWICE where that is none, and those of {@link ContractBook.qualify}. */
  async qualify(instrument: Instrument): Promise<QualifiedContract> {
    const wanted = wantedContract(instrument, this.#parts.name);
    const { symbol, quote, priceStep, lotStep, minQty, pointValue } = instrument;
    const key = JSON.stringify([symbol, quote, priceStep, lotStep, minQty, pointValue, wanted]);
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.#ask(instrument, wanted);
      this.#answers.set(key, answer);
      answer.catch(() => this.#answers.delete(key));
    }
    const qualified = await answer;
    const other = this.#byConId.get(qualified.conId)?.instrument.symbol;
    if (this.#parts.isOneToOne === true && other !== undefined && other !== symbol) {
      throw sameContract([other, symbol], qualified.conId, this.#parts.name);
    }
    this.#bySymbol.set(symbol, qualified);
    this.#byConId.set(qualified.conId, qualified);
    return qualified;
  }

  /**
   * The contract of a symbol at an exchange in a currency, as IB completes it: for who has no engine.yaml.
   * Errors: as {@link qualify}.
   */
  normalizeContract(symbol: string, exchange: string, currency: string): Promise<QualifiedContract> {
    const name: ContractName = { symbol, exchange, currency };
    return this.qualify(namedInstrument(name, this.#parts.name));
  }

  of(symbol: string): QualifiedContract | undefined {
    return this.#bySymbol.get(symbol);
  }

  byConId(conId: number): QualifiedContract | undefined {
    return this.#byConId.get(conId);
  }

  find(contract: Contract): QualifiedContract | undefined {
    const { conId } = contract;
    if (conId !== undefined && conId > 0) return this.#byConId.get(conId);
    return [...this.#byConId.values()].find((known) => isSame(known.contract, contract));
  }

  async #ask(instrument: Instrument, wanted: Contract): Promise<QualifiedContract> {
    const rows = await this.#details(instrument, wanted);
    const details = pickDetails(rows, { instrument, wanted });
    const exchange = exchangeOf(details, wanted);
    const priceMagnifier = details.priceMagnifier || 1;
    const multiplier = details.contract.multiplier || 1;
    const terms = {
      currency: details.contract.currency ?? '',
      multiplier,
      priceSteps: await this.#priceSteps(details, exchange),
      minSize: details.minSize || 1,
      sizeIncrement: details.sizeIncrement || 1,
    };
    const { priceSteps, minSize, sizeIncrement } = terms;
    return Object.freeze({
      instrument: withContractTerms(instrument, terms),
      ...{ conId: details.contract.conId ?? 0, contract: requestContract(details.contract, exchange) },
      ...{ secType: details.contract.secType ?? '', priceMagnifier, multiplier, priceSteps, minSize, sizeIncrement },
      timeZone: contractTimeZone(details.timeZoneId),
      longName: details.longName ?? '',
    });
  }

  #details(instrument: Instrument, wanted: Contract): Promise<readonly ContractDetails[]> {
    const { gateway } = this.#parts;
    const id = gateway.nextRequestId();
    const rows: ContractDetails[] = [];
    const take = (requestId: number, row: ContractDetails): void => {
      if (requestId === id) rows.push(row);
    };
    return askGateway<readonly ContractDetails[]>(this.#parts, {
      ...{ id, lane: 'data', limitMs: this.#parts.answerLimitMs ?? ANSWER_LIMIT_MS },
      what: `contract details of ${instrument.symbol} (${contractText(wanted)})`,
      write: (api) => api.reqContractDetails(id, wanted),
      listen: ({ answer }) => [
        gateway.on(TWS_EVENT.contractDetails, take),
        gateway.on(TWS_EVENT.bondContractDetails, take),
        gateway.on(TWS_EVENT.contractDetailsEnd, (requestId: number) => {
          if (requestId === id) answer(rows);
        }),
      ],
      refused: ({ code, message }) => {
        const { consequence, text } = classify(code, 'contract', message);
        if (code === NO_SECURITY_DEFINITION) return notFound(instrument, wanted, text);
        if (consequence === 'advisory') return undefined;
        return ibkrError('IBKR_CONTRACT_INVALID', `${instrument.symbol}: ${text}`, {
          details: { symbol: instrument.symbol, code },
        });
      },
    });
  }

  async #priceSteps(details: ContractDetails, exchange: string): Promise<readonly PriceStepRow[]> {
    const priceMagnifier = details.priceMagnifier || 1;
    const rule = marketRuleOf(details, exchange);
    const bands = rule === undefined ? [] : priceBands(await this.#rule(rule), priceMagnifier);
    // The smallest step of all prices: right where no rule says more.
    return bands.length > 0 ? bands : [{ from: 0, step: stepFromIb(details.minTick || 0.01, priceMagnifier) }];
  }

  #rule(ruleId: number): Promise<readonly PriceIncrement[]> {
    const known = this.#rules.get(ruleId);
    if (known !== undefined) return known;
    const { gateway } = this.#parts;
    const asked = askGateway<readonly PriceIncrement[]>(this.#parts, {
      ...{ id: gateway.nextRequestId(), lane: 'data', limitMs: this.#parts.answerLimitMs ?? ANSWER_LIMIT_MS },
      what: `market rule ${ruleId}`,
      write: (api) => api.reqMarketRule(ruleId),
      listen: ({ answer }) => [
        gateway.on(TWS_EVENT.marketRule, (id: number, increments: readonly PriceIncrement[]) => {
          if (id === ruleId) answer(increments);
        }),
      ],
      refused: () => undefined,
    });
    this.#rules.set(ruleId, asked);
    asked.catch(() => this.#rules.delete(ruleId));
    return asked;
  }
}

/** What requests and orders carry: the id decides, the rest tells a reader of logs what it is. */
function requestContract(contract: Contract, exchange: string): Contract {
  const { conId, symbol, secType, currency, localSymbol, tradingClass, strike, right, multiplier } = contract;
  const expiry = expiryOf(contract);
  return Object.freeze(
    Object.fromEntries(
      Object.entries({
        ...{ conId, symbol, secType, exchange, currency, localSymbol, tradingClass, right },
        lastTradeDateOrContractMonth: expiry === '' ? undefined : expiry,
        strike: strike === undefined || strike === 0 ? undefined : strike,
        multiplier: multiplier === undefined || multiplier === 0 ? undefined : multiplier,
      }).filter(([, value]) => value !== undefined && value !== ''),
    ),
  );
}

const NAMING = ['symbol', 'secType', 'currency', 'localSymbol', 'right', 'strike'] as const;

/** Whether what a report says of a contract names a known one; reports leave out much. */
function isSame(known: Contract, told: Contract): boolean {
  if (!told.symbol && !told.localSymbol) return false;
  const agrees = NAMING.every((key) => !told[key] || !known[key] || told[key] === known[key]);
  return agrees && (known.lastTradeDateOrContractMonth ?? '').startsWith(expiryOf(told));
}

function sameContract([first, second]: readonly [string, string], conId: number, name: string): TradingError {
  const place = `instruments.${second}.venues.${name}`;
  return ibkrError(
    'IBKR_CONTRACT_TWICE',
    `${place}: ${second} is the same contract at IB as ${first} (conId ${conId}); nobody could tell whose an execution is.`,
    { details: { symbols: [first, second], conId, place } },
  );
}
