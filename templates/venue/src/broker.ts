import type { Side } from '@bookrunner/sdk';

/** An order in the broker's words. */
export interface BrokerOrder {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly qty: number;
  /** NaN for a market order. */
  readonly limitPrice: number;
}

/** What the broker says of an order. */
export type BrokerEvent =
  | { readonly kind: 'accepted'; readonly id: string }
  | { readonly kind: 'rejected'; readonly id: string; readonly why: string }
  | {
      readonly kind: 'filled';
      readonly id: string;
      readonly executionId: string;
      readonly qty: number;
      readonly price: number;
    }
  | { readonly kind: 'cancelled'; readonly id: string }
  | { readonly kind: 'cancel-rejected'; readonly id: string; readonly why: string };

/** The broker's client as the venue needs it: calls out, events in. */
export interface Broker {
  connect(listener: (event: BrokerEvent) => void): Promise<void>;
  disconnect(): Promise<void>;
  place(order: BrokerOrder): Promise<void>;
  cancel(id: string): Promise<void>;
}
