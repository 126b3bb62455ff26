import type { Clock } from '../interfaces/clock.js';
import type { Logger } from '../interfaces/logger.js';
import type { MarketCalendar } from '../interfaces/market-calendar.js';
import type { Instrument } from '../model/instrument.js';

/** What the engine hands to a contribution's `create`. No I/O happens in `create`; `open` connects. */
export interface PluginContext<Options = unknown> {
  /** Name under which engine.yaml uses the contribution, for example `ib`. */
  readonly name: string;
  /** Options after the contribution's schema: complete and checked. */
  readonly options: Options;
  /** Options of the plugin as a whole, after its schema; an empty object where it takes none. */
  readonly pluginOptions?: unknown;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Folder of engine.yaml: relative paths in options start here. */
  readonly configDir: string;
  readonly dataDir: string;
  readonly instruments: ReadonlyMap<string, Instrument>;
  calendar(id: string): MarketCalendar;
}
