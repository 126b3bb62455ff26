import { checkGatewayOptions } from '../calls/gateway-options.js';
import { given } from '../calls/values.js';
import type { SimulatorAccount } from './accounts/account-book.js';
import type { CommissionTerms } from './accounts/commission-model.js';
import type { InstrumentDefinition } from './instruments/instrument-definition.js';
import type { HoursKept } from './instruments/trading-hours.js';

/** What the login may see of an instrument's data: as TWS grants it, whatever a client asks for. */
export type DataPermission = 'live' | 'delayed' | 'none';

/** Which requests for history are paced: bars up to 30 s and ticks, as IB's book says, all of them, or none. */
export type PacingKept = 'small-bars' | 'all' | 'off';

/** What the simulated gateway is started with; everything may be left out. */
export interface SimulatorOptions {
  /** Equal seeds give equal prices; 1 where left out. */
  readonly seed?: number;
  /** One account `DU1234567` with a million dollars where left out. */
  readonly accounts?: readonly SimulatorAccount[];
  /** Listed beside the default instruments; one with the conId of a default takes its place. */
  readonly instruments?: readonly InstrumentDefinition[];
  /** Ticks of every market per second, by the clock; 0, the default, moves prices only by hand. Below 1/15 counts as 1/15. */
  readonly ticksPerSecond?: number;
  /** `always`, the default, trades around the clock; `exchange` keeps the hours and holidays of the exchanges. */
  readonly hours?: HoursKept;
  /** The login's zone, in which times without one are meant; US/Eastern where left out. */
  readonly timeZone?: string;
  /** Most that one tick fills of an order: the size quoted, all of it, or so many units; `quoted` where left out. */
  readonly fillSize?: 'quoted' | 'whole' | number;
  /** How often the state of an order that rests is told: the real gateway says it two or three times; 1 where left out. */
  readonly restingCopies?: number;
  /** How long a cancel takes to be confirmed, after a PendingCancel; 0, the default, confirms at once and without one. */
  readonly cancelMs?: number;
  readonly commission?: CommissionTerms;
  /** Data permission by conId, symbol or local symbol; `dataPermission` for all others. */
  readonly dataPermissions?: Readonly<Record<string, DataPermission>>;
  /** `live` where left out. */
  readonly dataPermission?: DataPermission;
  /** Concurrent market-data subscriptions; 100 where left out. */
  readonly marketDataLines?: number;
  /** Concurrent tick-by-tick and, apart from them, depth subscriptions; 3 where left out. */
  readonly tickByTickLimit?: number;
  /** `off` where left out. */
  readonly historyPacing?: PacingKept;
  /** How long an answer with history takes; 0 where left out. */
  readonly historyMs?: number;
  /** Shares below one; true where left out. */
  readonly fractionalShares?: boolean;
  /** Active orders per contract, side and account; 20 where left out. */
  readonly activeOrderLimit?: number;
  /** Largest order in units; none where left out. */
  readonly maxOrderSize?: number;
  /** Symbols whose short sales are held until shares are located. */
  readonly hardToBorrow?: readonly string[];
  /** A client whose session sees the orders and executions of all clients. */
  readonly masterClientId?: number;
  /** Tells a client its open orders when it connects, without being asked; false where left out. */
  readonly pushOpenOrders?: boolean;
  /** The first openOrder and orderStatus of an order carry permId 0; false where left out. */
  readonly permIdLate?: boolean;
  /** How far back reqExecutions reaches, in days from midnight of the login's zone; 1 is today alone, the default. */
  readonly executionDays?: number;
}

/** Options, complete. */
export type SimulatorSettings = Omit<Required<SimulatorOptions>, 'masterClientId'> & {
  readonly masterClientId: number | undefined;
};

/** Completes options. Errors: SIMULATOR_CALL. */
export function completeOptions(options: SimulatorOptions): SimulatorSettings {
  checkGatewayOptions(options);
  return {
    seed: 1,
    accounts: [{ id: 'DU1234567' }],
    instruments: [],
    ticksPerSecond: 0,
    hours: 'always',
    timeZone: 'US/Eastern',
    fillSize: 'quoted',
    restingCopies: 1,
    cancelMs: 0,
    commission: {},
    dataPermissions: {},
    dataPermission: 'live',
    marketDataLines: 100,
    tickByTickLimit: 3,
    historyPacing: 'off',
    historyMs: 0,
    fractionalShares: true,
    activeOrderLimit: 20,
    maxOrderSize: Number.POSITIVE_INFINITY,
    hardToBorrow: [],
    masterClientId: undefined,
    pushOpenOrders: false,
    permIdLate: false,
    executionDays: 1,
    ...given(options),
  };
}
