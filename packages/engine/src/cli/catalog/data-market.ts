// What the data commands know of the market: the catalog's folder, instruments and calendars of engine.yaml, where there is one.
import { join } from 'node:path';
import { marketCalendar } from '@bookrunner/sdk';
import type { EngineConfig } from '../../config/index.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import type { DataMarket } from '../data/data-command.js';
import { hasConfig, readConfig } from '../read-config.js';

const DEFAULT_DATA_DIR = 'var';
const CATALOG = 'catalog';

/** Where a data command works, and on what. */
export interface DataPlace {
  readonly catalog: string;
  readonly market: DataMarket;
  /** Those of engine.yaml, where there is one. */
  readonly symbols?: readonly string[];
}

/** Reads engine.yaml if it is named or there; without one there are the built-in calendars and ./var. Errors: CONFIG_…. */
export function dataPlace(args: CommandArguments, io: CommandIo): DataPlace {
  const config = args.text('config') !== undefined || hasConfig(args) ? readConfig(args, io) : undefined;
  return {
    catalog: args.text('catalog') ?? join(config?.engine.dataDir ?? DEFAULT_DATA_DIR, CATALOG),
    market: marketOf(config),
    ...(config === undefined ? {} : { symbols: Object.keys(config.instruments) }),
  };
}

function marketOf(config: EngineConfig | undefined): DataMarket {
  return {
    instrument: (symbol) => config?.instruments[symbol],
    calendar: (id) => marketCalendar(id, config?.calendars),
  };
}
