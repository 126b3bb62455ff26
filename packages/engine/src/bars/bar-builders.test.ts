import { marketCalendar, type BarBuilderContribution } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { barBuilders } from './bar-builders.js';
import { build, INSTRUMENT, MONDAY, trade } from './bars.fixture.js';

const context = { instrument: INSTRUMENT, calendar: marketCalendar('24x7') };

/** A contribution with its options' type erased, as a host holds it: each takes what its own schema gives. */
function contributionOf(name: keyof typeof barBuilders): BarBuilderContribution {
  return barBuilders[name] as BarBuilderContribution;
}

describe('barBuilders', () => {
  it.each([
    ['time', { timeframe: '1m' }],
    ['tick', { ticks: 10 }],
    ['volume', { units: 10 }],
    ['value', { value: 1000 }],
    ['range', { range: 5 }],
  ] as const)('%s makes bars from its options', (name, options) => {
    const contribution = contributionOf(name);
    const builder = contribution.create(contribution.options.parse(options), context);
    expect(build(builder, [trade({ ts: MONDAY, size: 10 })])).toMatchObject([
      { ts: MONDAY, open: 100, volume: 10, nTicks: 1 },
    ]);
  });

  it.each(Object.keys(barBuilders) as (keyof typeof barBuilders)[])('%s documents every option', (name) => {
    const schema = z.toJSONSchema(barBuilders[name].options, { io: 'input' });
    const properties = Object.entries(schema.properties ?? {});
    expect(properties.length).toBeGreaterThan(1);
    for (const [, property] of properties) expect(typeof property === 'object' && property.description).toMatch(/\.$/);
    expect(schema.additionalProperties).toBe(false);
  });

  it.each(Object.keys(barBuilders) as (keyof typeof barBuilders)[])(
    '%s refuses an unknown option and a broken state',
    (name) => {
      expect(barBuilders[name].options.safeParse({ nonsense: 1 }).success).toBe(false);
      const options = { time: {}, tick: { ticks: 1 }, volume: { units: 1 }, value: { value: 1 }, range: { range: 1 } }[
        name
      ];
      const contribution = contributionOf(name);
      const builder = contribution.create(contribution.options.parse(options), context);
      expect(() => builder.load({ ts: 1 })).toThrow(expect.objectContaining({ code: 'BARS_STATE_INVALID' }));
    },
  );
});
