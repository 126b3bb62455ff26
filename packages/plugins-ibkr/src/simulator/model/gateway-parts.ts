// The wiring of the model: which part knows which.
import type { Clock } from '@bookrunner/sdk';
import { AccountBook } from './accounts/account-book.js';
import { AccountValuation } from './accounts/account-valuation.js';
import { CommissionModel } from './accounts/commission-model.js';
import { PositionDesk } from './accounts/position-desk.js';
import { ClientDirectory } from './client-directory.js';
import { ContractDesk } from './instruments/contract-desk.js';
import { ContractRegister } from './instruments/contract-register.js';
import { defaultInstruments } from './instruments/default-instruments.js';
import { KnobSettings } from './knob-settings.js';
import { MarketDataDesk } from './market/market-data-desk.js';
import { MarketPlace } from './market/market-place.js';
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
  const orders = orderParts(base);
  const { contracts, markets } = base;
  const marketData = new MarketDataDesk({ clock, settings, contracts, markets });
  return { ...base, ...orders, marketData, contractDesk: new ContractDesk(contracts, clock) };
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
  const positionDesk = new PositionDesk(accounts);
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
    positionDesk,
    commissions,
    clients,
  };
}

function orderParts(base: ReturnType<typeof foundation>) {
  const { settings, knobs, executions, clients, positionDesk } = base;
  const register = new OrderRegister();
  const reporter = new OrderReporter({
    clients,
    executions,
    knobs,
    masterClientId: settings.masterClientId,
    permIdLate: settings.permIdLate,
    whyHeld: (order) => (order.isLive ? whyHeldText(desk.waits(order)) : ''),
  });
  const onFill = (_order: unknown, booked: readonly Execution[]): void => {
    for (const { role, order, instrument } of booked)
      if (role === 'trade') positionDesk.changed(order.account, instrument);
  };
  const desk: OrderDesk = new OrderDesk({ ...base, register, reporter, booth: new TradeBooth(base), onFill });
  const whatIf = new WhatIfDesk(base);
  const intake = new OrderIntake({ ...base, register, reporter, desk, whatIf });
  const cancels = new CancelDesk({ ...base, cancelMs: settings.cancelMs, register, reporter, desk });
  const queries = new OrderQueries({ ...base, timeZone: settings.timeZone, register, reporter });
  return { register, reporter, desk, intake, cancels, queries };
}
