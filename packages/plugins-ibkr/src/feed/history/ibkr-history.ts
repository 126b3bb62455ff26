import { setMaxListeners } from 'node:events';
import type { Clock, HistoryBlock, HistoryRequest, Logger, MarketCalendar } from '@bookrunner/sdk';
import type { QualifiedContract } from '../../contracts/qualified-contract.js';
import { ibkrError } from '../../ibkr-errors.js';
import type { Gateway } from '../../session/gateway.js';
import type { IbkrFeedOptions } from '../feed-options.js';
import { readBars } from './bar-history.js';
import { HistoryPacer } from './history-pacer.js';
import type { HistoryDesk } from './history-question.js';
import { readTicks } from './tick-history.js';

/** What {@link IbkrHistory} is made of. */
export interface IbkrHistoryParts {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: Pick<IbkrFeedOptions, 'hours' | 'historySmallBarPages' | 'historyTickPages'>;
  readonly calendar: (id: string) => MarketCalendar;
  /** Whether ticks are trades as well as quotes. */
  readonly hasTrades: (contract: QualifiedContract) => boolean;
}

/** Contracts that trade in regular hours, whose calendars are those hours. */
const WITH_REGULAR_HOURS = new Set(['STK', 'OPT', 'IND', 'BOND', 'CFD', 'FUND', 'WAR']);

/** Whether bars are of regular hours alone. */
export function usesRegularHours({ secType }: QualifiedContract, { hours }: Pick<IbkrFeedOptions, 'hours'>): boolean {
  return hours === 'regular' || (hours === 'by-type' && WITH_REGULAR_HOURS.has(secType));
}

/** The past of any contract, as IB keeps it. */
export class IbkrHistory {
  readonly #parts: IbkrHistoryParts;
  #abort = controller();

  constructor(parts: IbkrHistoryParts) {
    this.#parts = parts;
  }

  /** Ends what is asked for; later reads are possible. */
  close(): void {
    this.#abort.abort(ibkrError('IBKR_FEED_NOT_OPEN', 'The feed was closed while history was asked for.'));
    this.#abort = controller();
  }

  async *read(contract: QualifiedContract, request: HistoryRequest): AsyncGenerator<HistoryBlock> {
    const { options, calendar, hasTrades } = this.#parts;
    const useRegularHours = usesRegularHours(contract, options);
    const common = { desk: this.#desk(), contract, useRegularHours };
    const { bars } = request;
    if (bars !== undefined) {
      const mostSmallPages = options.historySmallBarPages;
      const forBars = { ...common, mostSmallPages, calendar: calendar(request.instrument.calendar) };
      yield* readBars(forBars, { ...request, bars });
      return;
    }
    yield* readTicks({ ...common, hasTrades: hasTrades(contract), mostPages: options.historyTickPages }, request);
  }

  #desk(): HistoryDesk {
    const { gateway, clock, logger } = this.#parts;
    return { gateway, clock, logger, pacer: HistoryPacer.of(gateway, clock), signal: this.#abort.signal };
  }
}

/** Everything that is asked for ends with one signal: many listen. */
function controller(): AbortController {
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  return abort;
}
