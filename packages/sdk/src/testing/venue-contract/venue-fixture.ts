import type { Venue, VenueCapabilities } from '../../interfaces/venue.js';
import type { Instrument } from '../../model/instrument.js';
import type { EpochMs } from '../../model/time.js';

/** The market behind a venue, where the fixture can move it. Calls may be asynchronous; `settle` follows each. */
export interface VenueMarket {
  quote(symbol: string, bid: number, ask: number): void | Promise<void>;
}

/** The venue's connection, where there is one to cut. It stays cut until `restore`. */
export interface VenueConnection {
  cut(): void | Promise<void>;
  restore(): void | Promise<void>;
  /** The connection is lost during the next submit, which never reaches the venue. */
  cutBeforeWrite?(): void | Promise<void>;
  /** The connection is lost during the next submit, which reaches the venue; nothing comes back. */
  cutAfterWrite?(): void | Promise<void>;
}

/**
 * One venue, alone, not yet open, with an account that holds nothing and an order book that is empty. The same shape serves a
 * simulator in this process and a broker's simulator behind a socket: only `settle` and `dispose` differ.
 */
export interface VenueFixture {
  readonly venue: Venue;
  /** What the suite trades. */
  readonly instrument: Instrument;
  /** Account of the orders. */
  readonly account: string;
  /** Price around which the suite quotes; 100 unless told otherwise. */
  readonly price?: number;
  /** Quantity of the suite's orders; the instrument's `minQty` unless told otherwise. */
  readonly qty?: number;
  readonly market?: VenueMarket;
  /** `advance` moves the venue's time on, where the suite declares that it can. */
  readonly clock: { nowUtc(): EpochMs; advance?(ms: number): void | Promise<void> };
  readonly connection?: VenueConnection;
  /** Resolves when everything sent so far has been answered and all reports are in. */
  settle(): Promise<void>;
  /** Stops servers and frees ports; called after every case. */
  dispose?(): Promise<void>;
}

/** Options of {@link venueContract}: what is declared decides which cases run. */
export interface VenueContractOptions {
  /** The capabilities of the plugin's contribution. */
  readonly capabilities: VenueCapabilities;
  /** A fresh, isolated venue for every case. */
  create(): VenueFixture | Promise<VenueFixture>;
  /** False where nobody can move the market, such as a real account; then cases that need prices are skipped. */
  readonly movesMarket?: boolean;
  /** True where `clock.advance` is there; then expiry is tested. */
  readonly movesClock?: boolean;
  /** True where the connection has `cutBeforeWrite` and `cutAfterWrite`; then a loss in the middle of an order is tested. */
  readonly cutsCalls?: boolean;
}
