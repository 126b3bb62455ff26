import { z } from 'zod';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** `engine.guards`. */
export const guardsSection = z
  .strictObject({
    slowStrategyMs: z
      .int()
      .min(1)
      .max(MINUTE_MS)
      .default(100)
      .describe('Milliseconds of one call of a strategy beyond which it is told to be slow.'),
    stopStrategyMs: z
      .int()
      .min(1)
      .max(MINUTE_MS)
      .default(1_000)
      .describe('Milliseconds of one call of a strategy beyond which it is stopped.'),
    clockSkewMs: z
      .int()
      .min(10)
      .max(HOUR_MS)
      .default(1_000)
      .describe("Milliseconds by which a broker's clock may differ from this machine's."),
    outageLeadMs: z
      .int()
      .min(0)
      .max(HOUR_MS)
      .default(2 * MINUTE_MS)
      .describe('Milliseconds before a planned outage from which on no new risk is taken at the venue.'),
    outageGraceMs: z
      .int()
      .min(0)
      .max(4 * HOUR_MS)
      .default(5 * MINUTE_MS)
      .describe('Milliseconds after a planned outage within which the venue has to be ready again.'),
  })
  .refine(({ slowStrategyMs, stopStrategyMs }) => slowStrategyMs <= stopStrategyMs, {
    error: 'Is below slowStrategyMs.',
    path: ['stopStrategyMs'],
  })
  .describe('Guards of live feeds and brokers that go by the clock of this machine.');
