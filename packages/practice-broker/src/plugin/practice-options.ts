import { z } from 'zod';

const connection = {
  host: z.string().default('127.0.0.1').describe('Where the broker listens.'),
  port: z.int().min(1).max(65_535).describe('Port the broker printed when it started.'),
  connectLimitMs: z.number().positive().default(5_000).describe('Longest wait for a connection.'),
  answerLimitMs: z
    .number()
    .positive()
    .default(5_000)
    .describe('Longest wait for an answer; then the outcome is unknown.'),
  retryFirstMs: z.number().positive().default(250).describe('First wait after the connection was lost; doubles.'),
  retryLongestMs: z.number().positive().default(10_000).describe('Longest wait between two attempts.'),
};

/** Options of the feed in engine.yaml. */
export const practiceFeedOptions = z.strictObject(connection);

/** Options of the venue in engine.yaml. */
export const practiceVenueOptions = z.strictObject({
  ...connection,
  account: z.string().min(1).default('practice').describe('Account at the broker.'),
});

/** What both need. */
export type PracticeOptions = z.output<typeof practiceFeedOptions>;
/** The same with the account. */
export type PracticeVenueOptions = z.output<typeof practiceVenueOptions>;
