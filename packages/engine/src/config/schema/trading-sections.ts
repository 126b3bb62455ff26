import { z } from 'zod';
import { currency, name, named, symbol, useBlock } from './blocks.js';
import { assetClass } from './market-sections.js';

const risk = useBlock('Risk policy and its limits.');

export const feedsSection = named(useBlock('A source of ticks or bars.')).describe('Feeds, by name.');

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time is HH:MM on the wall clock of `timeZone`, in quotes.');

const outage = z
  .strictObject({
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .default([...DAYS])
      .describe('Days on which it begins; all unless given.'),
    from: timeOfDay.describe('When it begins.'),
    to: timeOfDay.describe('When it is over; not after `from` means on the next day.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'Is no IANA time zone, such as America/New_York.')
      .describe('IANA time zone of the times.'),
  })
  .describe('A planned outage that comes again each week.');

/** Whether the platform knows the IANA zone. */
function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const venuesSection = named(
  useBlock('')
    .extend({
      outages: z.array(outage).default([]).describe('When the broker is away by plan, such as its daily restart.'),
      simulatedBy: z
        .string()
        .min(1)
        .optional()
        .describe('Simulated venue that stands for the broker in backtest and paper; the first one unless given.'),
    })
    .describe('Where orders go: a broker session or a simulator.'),
).describe('Venues, by name.');

const account = z.strictObject({
  venue: z.string().min(1).describe('Name of the venue that holds it.'),
  id: z.string().min(1).optional().describe("The broker's account id; a simulated venue needs none."),
  exclusive: z
    .boolean()
    .optional()
    .describe('Whether nobody else trades on it; true for simulated venues, else false. Decides what panic may touch.'),
});

export const accountsSection = named(account).describe('Accounts, by name.');

const book = z.strictObject({
  account: z.string().min(1).optional().describe('Name of its account; the only one unless given.'),
  base: currency.optional().describe('Currency of its capital and limits; engine.baseCurrency.'),
  capital: z
    .number()
    .positive()
    .optional()
    .describe('Money given to the book, in `base`; 1000000 on simulated accounts, required on others.'),
  dayCalendar: z
    .string()
    .min(1)
    .optional()
    .describe("Calendar of its trading day; the one calendar of its strategies' instruments, else 24x7."),
  risk: risk.optional(),
});

export const booksSection = named(book).describe('Books: the sub-portfolios of strategies, by name.');

const match = z
  .strictObject({
    assetClass: assetClass.optional().describe('Asset class of the instrument.'),
    symbols: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .optional()
      .describe('One symbol, or a list of them.'),
    strategy: z.string().min(1).optional().describe('Name of the strategy.'),
    book: z.string().min(1).optional().describe('Name of the book.'),
  })
  .describe('All given fields have to agree; an empty match takes everything.');

export const routesSection = z
  .array(z.strictObject({ match: match.default({}), venue: z.string().min(1).describe('Name of the venue.') }))
  .describe("Which orders go where: the first route that matches, else the venue of the book's account.");

const bars = useBlock('A bar builder.');

const strategy = z.strictObject({
  use: z.string().min(1).describe('Name of the strategy, as `bookrunner strategies` shows it.'),
  book: z.string().min(1).optional().describe('Name of its book; the only one unless given.'),
  symbols: z
    .array(symbol)
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'Names a symbol twice.')
    .describe('Symbols it reads and trades; the first is its primary one.'),
  bars: z
    .union([bars, z.array(bars).min(1)])
    .optional()
    .describe('How its bars are built, one timeframe or a list; one-minute time bars unless given.'),
  params: z.record(z.string(), z.unknown()).optional().describe('Parameters of the strategy.'),
  sizing: useBlock('Turns a share into units; the fraction sizer unless given.').optional(),
  allocation: z
    .number()
    .positive()
    .max(10)
    .optional()
    .describe("Share of the book's equity, above 1 is leverage; an equal part of what the others of the book leave."),
  feed: z.string().min(1).optional().describe('Name of its feed; the only one unless given.'),
  entry: z
    .strictObject({ tif: z.enum(['DAY', 'GTC', 'IOC', 'FOK']).default('DAY').describe('How long entry orders work.') })
    .optional()
    .describe('What entry orders are like where the strategy does not say.'),
  warmup: z.int().min(0).optional().describe("Bars before the first decision; the strategy's own need unless given."),
  risk: risk.optional(),
});

export const strategiesSection = z
  .record(name, strategy)
  .describe('Strategies at work, by the name that tags, reports and commands use.');

export const riskSection = risk;

export const controlsSection = named(useBlock('A control surface.')).describe('Control surfaces, by name.');
