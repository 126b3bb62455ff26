import { z } from 'zod';
import { currency, symbol } from './blocks.js';

const ASSET_CLASSES = ['equity', 'fx', 'future', 'option', 'crypto', 'commodity', 'index', 'bond'] as const;

/** The asset classes, for instruments and routes. */
export const assetClass = z.enum(ASSET_CLASSES);

const instrument = z
  .strictObject({
    assetClass: assetClass.describe('What kind of thing it is.'),
    exchange: z.string().min(1).optional().describe('Where it is listed (MIC).'),
    base: currency.optional().describe('Base currency of a pair.'),
    quote: currency.describe('Currency of its prices.'),
    priceStep: z
      .number()
      .positive()
      .optional()
      .describe('Smallest price move of an order, in the quote currency; 0.01.'),
    priceSteps: z
      .array(
        z.strictObject({
          from: z.number().nonnegative().describe('Lowest price of the row.'),
          step: z.number().positive().describe('Price step from there on.'),
        }),
      )
      .min(1)
      .optional()
      .describe('Price-dependent steps: from this price on, ascending.'),
    lotStep: z.number().positive().optional().describe('Smallest change of an order quantity, in units; 1.'),
    minQty: z.number().positive().optional().describe('Smallest order, in units; lotStep.'),
    maxQty: z.number().positive().optional().describe('Largest order, in units; no limit.'),
    pointValue: z
      .number()
      .positive()
      .optional()
      .describe('Money in the quote currency for a move of 1.0 on quantity 1; 1.'),
    priceDecimals: z.int().min(0).optional().describe('Decimals at which fill prices are exact; three below the step.'),
    quantityDecimals: z.int().min(0).optional().describe('Decimals at which positions are exact; three below the lot.'),
    calendar: z.string().min(1).optional().describe('Id of its market calendar; 24x7.'),
    marginRate: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('Share of the notional asked as margin, 1 is fully paid; 1.'),
    venues: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .optional()
      .describe('What each venue and feed needs to find it, by venue name.'),
  })
  .superRefine((value, context) => {
    const rows = value.priceSteps ?? [];
    rows.forEach((row, index) => {
      if (index > 0 && row.from <= rows[index - 1]!.from) {
        context.addIssue({
          code: 'custom',
          path: ['priceSteps', index, 'from'],
          message: 'Has to be above the row before.',
        });
      }
    });
    if (value.minQty !== undefined && value.maxQty !== undefined && value.minQty > value.maxQty) {
      context.addIssue({ code: 'custom', path: ['minQty'], message: 'Is above maxQty.' });
    }
  });

export const instrumentsSection = z.record(symbol, instrument).describe('What is traded, by symbol.');
