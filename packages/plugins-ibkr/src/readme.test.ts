// The option tables of the README are those of the schemas.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { connectionOptions } from './connection-options.js';
import { ibkrBarFeedOptions } from './feed/bars/bar-feed-options.js';
import { ibkrFeedOptions } from './feed/feed-options.js';
import { plugin } from './plugin.js';
import { ibkrVenueOptions } from './venue/venue-options.js';

// Where somebody tests against a gateway they are set, and are the defaults.
for (const name of ['IB_HOST', 'IB_PORT', 'IB_CLIENT_ID']) delete process.env[name];

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** First and second cell of each row below a heading, without the heads. */
function rowsBelow(heading: string): readonly (readonly [string, string])[] {
  const section = README.split(/^#+ /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `?([^`|]+?)`? \| `?([^`|]+?)`? \|/gm)]
    .map(([, name = '', value = '']) => [name, value] as const)
    .filter(([name]) => name !== 'option' && name !== '---');
}

/** A default as the tables write it. */
function text(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([name, part]) => `${name}: ${text(part)}`)
    .join(', ')} }`;
}

function rowsOf(schema: z.ZodObject, without: readonly string[] = []): readonly (readonly [string, string])[] {
  const defaults = schema.parse({});
  return Object.keys(schema.shape)
    .filter((name) => !without.includes(name))
    .map((name) => [name, text(defaults[name])] as const);
}

describe('the README', () => {
  const shared = Object.keys(connectionOptions.shape);

  it.each([
    ['Of the connection', rowsOf(connectionOptions)],
    ['Of the feed `ibkr`:', rowsOf(ibkrFeedOptions, shared)],
    ['Of the feed `ibkr-bars`:', rowsOf(ibkrBarFeedOptions, shared)],
    ['Of the venue `ibkr`', rowsOf(ibkrVenueOptions, shared)],
  ])('has the options of "%s", with their defaults', (heading, rows) => {
    expect(rowsBelow(heading)).toEqual(rows);
  });

  it('has what orders the venue takes', () => {
    const { orderTypes, timeInForce } = plugin.venues?.['ibkr']?.capabilities ?? {};
    const orders = README.slice(README.indexOf('## Orders'), README.indexOf('## What is not supported'));
    for (const name of [...(orderTypes ?? ['none']), ...(timeInForce ?? ['none'])])
      expect(orders).toContain(`\`${name}\``);
  });
});
