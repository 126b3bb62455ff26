// The wiring of the model: which part knows which.
import type { Clock } from '@bookrunner/sdk';
import { AccountBook } from './accounts/account-book.js';
import { AccountMultiDesk } from './accounts/account-multi-desk.js';
import { AccountUpdatesDesk } from './accounts/account-updates-desk.js';
import { AccountValuation } from './accounts/account-valuation.js';
import { AccountValues } from './accounts/account-values.js';
import { CommissionModel } from './accounts/commission-model.js';
import { PnlDesk } from './accounts/pnl-desk.js';
import { PositionDesk } from './accounts/position-desk.js';
import { SummaryDesk } from './accounts/summary-desk.js';
import { ClientDirectory } from './client-directory.js';
import { ContractDesk } from './instruments/contract-desk.js';
import { ContractRegister } from './instruments/contract-register.js';
import { defaultInstruments } from './instruments/default-instruments.js';
import type { InstrumentDefinition } from './instruments/instrument-definition.js';
import { HistoryDesk } from './history/history-desk.js';
import { KnobSettings } from './knob-settings.js';
import { DepthDesk } from './market/depth-desk.js';
import { FiveSecondDesk } from './market/five-second-desk.js';
import { MarketDataDesk } from './market/market-data-desk.js';
import { MarketPlace } from './market/market-place.js';
import { TickByTickDesk } from './market/tick-by-tick-desk.js';
import { CancelDesk } from './orders/cancel-desk.js';
import type { Execution } from './orders/execution-register.js';
import { ExecutionRegister } from './orders/execution-register.js';
import { OrderDesk } from './orders/order-desk.js';
import { OrderIntake } from './orders/order-intake.js';
import { OrderQueries } from './orders/order-queries.js';
import { OrderRegister } from './orders/order-register.js';
import { OrderReporter } from './orders/order-reporter.js';
import { whyHeldText } from './orders/order-waits.js';
import { TradeBooth } from './orders/trade-booth.js';
import { WhatIfDesk } from './orders/what-if-desk.js';
import type { SimulatorSettings } from './simulator-options.js';

/** Everything the gateway consists of. */
export type GatewayParts = ReturnType<typeof assembleGateway>;

/** Builds the parts and ties them together. */
export function assembleGateway(settings: SimulatorSettings, clock: Clock) {
  const base = foundation(settings, clock);
  const accountDesks = accountParts(base);
  return { ...base, ...accountDesks, ...orderParts(base, accountDesks.tellPosition), ...dataParts(base) };
}

function foundation(settings: SimulatorSettings, clock: Clock) {
  const { seed, ticksPerSecond, timeZone, executionDays } = settings;
  const knobs = new KnobSettings();
  const listed = [...defaultInstruments(clock.nowUtc()), ...settings.instruments];
  const contracts = new ContractRegister(listed, settings.hours);
  const markets = new MarketPlace(contracts, clock, { seed, ticksPerSecond });
  const accounts = new AccountBook(settings.accounts);
  const valuation = new AccountValuation(accounts, contracts, markets);
  const executions = new ExecutionRegister({ accounts, knobs, timeZone, executionDays, seed });
  const commissions = new CommissionModel(settings.commission);
  const clients = new ClientDirectory();
  return {
    settings,
    clock,
    knobs,
    contracts,
    markets,
    accounts,
    valuation,
    executions,
    commissions,
    clients,
  };
}

function accountParts({ settings, clock, accounts, valuation }: ReturnType<typeof foundation>) {
  const values = new AccountValues(accounts, valuation);
  const positions = new PositionDesk(accounts);
  const summaries = new SummaryDesk({ clock, accounts, values });
  const accountUpdates = new AccountUpdatesDesk({ clock, timeZone: settings.timeZone, accounts, values, valuation });
  const accountMulti = new AccountMultiDesk({ clock, accounts, values });
  const pnl = new PnlDesk({ clock, accounts, valuation });
  const tellPosition = (account: string, instrument: InstrumentDefinition): void => {
    positions.changed(account, instrument);
    accountUpdates.changed(account, instrument.conId);
    accountMulti.changed(account);
  };
  return { positions, summaries, accountUpdates, accountMulti, pnl, tellPosition };
}

function dataParts({ clock, settings, contracts, markets, knobs }: ReturnType<typeof foundation>) {
  const base = { clock, settings, contracts, markets, knobs };
  const { tickByTickLimit: limit, seed } = settings;
  return {
    contractDesk: new ContractDesk(contracts, clock),
    marketData: new MarketDataDesk(base),
    tickByTick: new TickByTickDesk({ ...base, limit }),
    depth: new DepthDesk({ ...base, limit, seed }),
    fiveSeconds: new FiveSecondDesk(base),
    history: new HistoryDesk(base),
  };
}

function orderParts(
  base: ReturnType<typeof foundation>,
  tellPosition: (account: string, instrument: InstrumentDefinition) => void,
) {
  const { settings, knobs, executions, clients } = base;
  const register = new OrderRegister();
  const reporter = new OrderReporter({
    clients,
    executions,
    knobs,
    masterClientId: settings.masterClientId,
    permIdLate: settings.permIdLate,
    whyHeld: (order) => (order.isHeld ? (order.heldFor ?? '') : order.isLive ? whyHeldText(desk.waits(order)) : ''),
  });
  const onFill = (_order: unknown, booked: readonly Execution[]): void => {
    for (const { role, order, instrument } of booked) if (role === 'trade') tellPosition(order.account, instrument);
  };
  const desk: OrderDesk = new OrderDesk({ ...base, register, reporter, booth: new TradeBooth(base), onFill });
  const whatIf = new WhatIfDesk(base);
  const intake = new OrderIntake({ ...base, register, reporter, desk, whatIf });
  const cancels = new CancelDesk({ ...base, cancelMs: settings.cancelMs, register, reporter, desk });
  const queries = new OrderQueries({ ...base, timeZone: settings.timeZone, register, reporter });
  return { register, reporter, desk, intake, cancels, queries };
}
