import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineStrategy } from '../plugin/define-strategy.js';
import { definePlugin } from '../plugin/define-plugin.js';
import { runContract } from './contract.js';
import { contractSuitesFor } from './contract-suites-for.js';
import { FakeClock } from './fake-clock.js';
import { anInstrument } from './builders.js';
import { PAPER_CAPABILITIES, PaperVenue } from './paper-venue/paper-venue.js';

const steady = defineStrategy({
  name: 'steady',
  params: z.strictObject({ share: z.number().default(1) }),
  onBar: ({ params }) => params.share,
});

const hungry = defineStrategy({
  name: 'hungry',
  params: z.strictObject({ share: z.number() }),
  onBar: ({ params }) => params.share,
});

const plugin = definePlugin({
  id: 'sample',
  apiVersion: 1,
  strategies: { steady, hungry },
  riskPolicies: {
    open: { options: z.strictObject({}), create: () => ({ check: () => ({ kind: 'approve' }) }) },
  },
  barBuilders: {
    failing: {
      options: z.strictObject({}),
      create: () => {
        throw new Error('no such thing');
      },
    },
  },
  sizers: { one: { options: z.strictObject({}), create: () => ({ size: () => ({ kind: 'sized', units: 1 }) }) } },
  venues: {
    paper: { capabilities: PAPER_CAPABILITIES, create: ({ clock }) => new PaperVenue({ instruments: [], clock }) },
  },
  feeds: { wire: { capabilities: {}, create: () => Promise.reject(new Error('never made')) as never } },
});

describe('contractSuitesFor', () => {
  it('lists what runs with default options, and says why the rest does not', () => {
    const { suites, unchecked } = contractSuitesFor(plugin);
    expect(suites.map(({ kind, name }) => `${kind}/${name}`)).toEqual(['strategy/steady', 'risk-policy/open']);
    expect(unchecked.map(({ kind, name, reason }) => `${kind}/${name}: ${reason}`)).toEqual([
      expect.stringMatching(/^strategy\/hungry: its options do not fit: share: /),
      'bar-builder/failing: it could not be created: no such thing',
      'sizer/one: sizers have no contract suite',
      'feed/wire: it needs a fixture: a source, a market or a person to drive it',
      'venue/paper: it needs a fixture: a source, a market or a person to drive it',
    ]);
  });

  it('takes options and fixtures by name, and the suites it gives run', async () => {
    const instrument = anInstrument();
    const create = () => {
      const clock = new FakeClock();
      const venue = new PaperVenue({ instruments: [instrument], clock });
      const market = { quote: (symbol: string, bid: number, ask: number) => venue.quote(symbol, bid, ask) };
      return { venue, instrument, account: 'test', market, clock, settle: () => Promise.resolve() };
    };
    const { suites } = contractSuitesFor(plugin, {
      options: { hungry: { share: 0.5 } },
      venues: { paper: { create } },
    });
    const results = new Map<string, number>();
    for (const { kind, name, suite } of suites) results.set(`${kind}/${name}`, (await runContract(suite)).failed);
    expect(results.get('strategy/hungry')).toBe(0);
    expect(results.get('venue/paper')).toBe(0);
    expect(results.get('risk-policy/open')).toBe(1);
  });
});
