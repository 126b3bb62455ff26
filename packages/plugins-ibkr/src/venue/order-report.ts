import type { VenueReport } from '@bookrunner/sdk';

type WithoutFrame<Report> = Report extends VenueReport ? Omit<Report, 'ts' | 'clientOrderId' | 'symbol'> : never;

/** What is told of an order, without what frames every report: time, id and symbol. */
export type OrderReport = WithoutFrame<VenueReport>;

/** How an order ends other than by its fills. */
export type OrderEnding = Extract<OrderReport, { kind: 'cancelled' | 'rejected' | 'expired' }>;
