// What a simulated venue has, and what lies between it and the kernel, at other scales of the instrument.
import { describe, expect, it } from '@jest/globals';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';
import type { SavedVenue } from '../simulated-venue/venue-state.js';
import { carryEnds, carryVenues } from './fold-venue.js';
import type { JournalledOrder } from './journal-record.js';

const COARSE = instrumentOf({ quantityDecimals: 0, priceDecimals: 2 });
const FINE = instrumentOf({ quantityDecimals: 1, priceDecimals: 3 });

function kernels(before: typeof COARSE, now: typeof COARSE) {
  const kernelOf = (instrument: typeof COARSE) => new Scene({ instruments: [instrument] }).kernel;
  return { folded: kernelOf(before), kernel: kernelOf(now) };
}

function venueOf(holding: { qty: number; cost: number; traded: string }): SavedVenue {
  const account = { name: 'ACC', currency: 'USD', isLiquidating: false, booked: [], initial: [['USD', '0']] as const };
  return {
    ...{ version: 1, now: 0, event: 0, births: 0, executionNumber: 0, seen: [], queue: [] },
    slots: [{ symbol: 'AAA', numbers: [], flags: [], resting: [] }],
    accounts: [{ ...account, holdings: [{ symbol: 'AAA', ...holding }] }],
    executions: { fills: [], droppedTs: 0 },
  };
}

function carried(venue: SavedVenue, parts: ReturnType<typeof kernels>): SavedVenue['accounts'][number] | undefined {
  const fresh = venueOf({ qty: 0, cost: 0, traded: '0' });
  const [state] = carryVenues({ names: ['sim'], states: [venue] }, { names: ['sim'], states: [fresh] }, parts);
  return state?.accounts[0];
}

describe('an account of a simulated venue', () => {
  it('has its position, its price and its cash at finer scales', () => {
    const account = carried(venueOf({ qty: 3, cost: 30_000, traded: '30000' }), kernels(COARSE, FINE));
    expect(account).toMatchObject({
      holdings: [{ qty: 30, cost: 3_000_000, traded: '3000000' }],
      initial: [['USD', '0']],
    });
  });

  it('keeps the cash that coarser ones cannot say', () => {
    // 300.0155 was paid for them in all, of which a hundredth of a unit of money can say 300.01.
    const account = carried(venueOf({ qty: 30, cost: 3_000_155, traded: '3000155' }), kernels(FINE, COARSE));
    expect(account).toMatchObject({ holdings: [{ qty: 3, cost: 30_001.55, traded: '30001' }] });
    expect(account?.initial).toEqual([['USD', String(-55n * 10n ** 14n)]]);
  });
});

it('an order that no record tells is recorded with the quantity of the kernel that goes on', () => {
  const order = { instrumentIndex: 0, qtyScaled: 7, filledScaled: 2 } as JournalledOrder;
  const cancel = { kind: 'cancel', sequence: 1 } as const;
  const ends = { statements: [], requests: [], unrecorded: [{ kind: 'submit', orders: [order] } as const, cancel] };
  expect(carryEnds(ends, kernels(COARSE, FINE)).unrecorded).toEqual([
    { kind: 'submit', orders: [{ ...order, qtyScaled: 70, filledScaled: 20 }] },
    cancel,
  ]);
});
