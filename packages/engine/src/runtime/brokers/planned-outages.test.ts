import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OutageConfig, Weekday } from '../../config/index.js';
import { PlannedOutages } from './planned-outages.js';

const MINUTE = 60_000;
const WEEK: readonly Weekday[] = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function outage(from: string, to: string, more: Partial<OutageConfig> = {}): OutageConfig {
  return { days: WEEK, from, to, timeZone: 'UTC', ...more };
}

function phases(planned: PlannedOutages, ...texts: readonly string[]): readonly string[] {
  return texts.map((text) => planned.at(Date.parse(text)).phase);
}

describe('PlannedOutages', () => {
  it('says what is near, what is under way, and when to look again', () => {
    const planned = new PlannedOutages([outage('12:05', '12:10')], 2 * MINUTE);
    const [at, from, until] = ['12:03', '12:05', '12:10'].map((time) => Date.parse(`2024-01-02T${time}Z`)) as [
      number,
      number,
      number,
    ];
    expect(planned.at(at - 1)).toMatchObject({ phase: 'none', changesAt: at });
    expect(planned.at(at)).toMatchObject({ phase: 'near', from, until, changesAt: from });
    expect(planned.at(from)).toEqual({ phase: 'outage', from, until, changesAt: until });
    expect(planned.at(until - 1).phase).toBe('outage');
    expect(planned.at(until)).toMatchObject({ phase: 'none', from: from + 1_440 * MINUTE });
  });

  it('knows days, nights that belong to the day before, and summer time', () => {
    const days = ['friday'] as const;
    const planned = new PlannedOutages([outage('23:45', '00:45', { days, timeZone: 'America/New_York' })], 0);
    // Friday 2024-03-08, winter: 04:45 to 05:45 UTC of Saturday. A week later, summer: an hour earlier.
    expect(phases(planned, '2024-03-09T04:44Z', '2024-03-09T04:45Z', '2024-03-09T05:45Z')).toEqual([
      'none',
      'outage',
      'none',
    ]);
    expect(phases(planned, '2024-03-16T03:45Z', '2024-03-16T04:45Z', '2024-03-15T04:45Z')).toEqual([
      'outage',
      'none',
      'none',
    ]);
  });

  it('takes outages that overlap', () => {
    const planned = new PlannedOutages([outage('10:00', '10:10'), outage('10:05', '10:30')], 0);
    expect(phases(planned, '2024-01-02T10:07Z', '2024-01-02T10:20Z', '2024-01-02T10:30Z')).toEqual([
      'outage',
      'outage',
      'none',
    ]);
  });

  it('looks again after now and not after the next change, whatever the instant', () => {
    const time = fc.integer({ min: 0, max: 1_439 }).map((minute) => {
      return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    });
    const one = fc
      .tuple(time, time, fc.subarray([...WEEK], { minLength: 1 }))
      .filter(([from, to]) => from !== to)
      .map(([from, to, days]) => outage(from, to, { days, timeZone: 'Europe/Berlin' }));
    const now = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2025, 0, 1) });
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 1, maxLength: 3 }),
        now,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (outages, at, share) => {
          const planned = new PlannedOutages(outages, 2 * MINUTE);
          const { phase, changesAt } = planned.at(at);
          expect(changesAt).toBeGreaterThan(at);
          const between = Math.min(changesAt - 1, Math.floor(at + (changesAt - at) * share));
          expect(planned.at(between).phase).toBe(phase);
        },
      ),
      { numRuns: 10 },
    );
  });
});
