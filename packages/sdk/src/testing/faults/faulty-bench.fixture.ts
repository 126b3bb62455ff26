import type { VenueReport, VenueSnapshot } from '../../model/venue-report.js';
import { anInstrument } from '../builders.js';
import { FakeClock } from '../fake-clock.js';
import { PaperVenue } from '../paper-venue/paper-venue.js';
import { RecordingVenueSink } from '../recording-sinks.js';
import { FaultyVenue } from './faulty-venue.js';
import { wholeExecutionId } from './split-fills.js';
import type { VenueFault } from './venue-fault.js';

export interface Bench {
  readonly venue: FaultyVenue;
  readonly paper: PaperVenue;
  readonly sink: RecordingVenueSink;
  readonly clock: FakeClock;
}

/** A faulty venue, open, over a paper venue with a market of 100 to 100.25 and a fee. */
export async function faultyBench(script: readonly VenueFault[], seed = 1): Promise<Bench> {
  const clock = new FakeClock();
  const paper = new PaperVenue({ instruments: [anInstrument()], clock, feePerUnit: 0.01 });
  const venue = new FaultyVenue(paper, { clock, seed, script });
  const sink = new RecordingVenueSink();
  await venue.open(sink);
  paper.quote('TEST', 100, 100.25);
  return { venue, paper, sink, clock };
}

/** A snapshot with executions put together again from their parts, and without the venue's order ids: what is left is the truth. */
export function truthOf({ positions, openOrders, executions, accounts }: VenueSnapshot): unknown {
  const wholes = new Map<string, { qty: number; fee: number }>();
  for (const { executionId, qty, fee, ...rest } of executions.items) {
    const id = wholeExecutionId(executionId);
    const whole = wholes.get(id) ?? { ...rest, qty: 0, fee: 0 };
    wholes.set(id, { ...whole, qty: whole.qty + qty, fee: Math.round((whole.fee + fee) * 1e8) / 1e8 });
  }
  return {
    positions,
    openOrders: { ...openOrders, items: openOrders.items.map(({ venueOrderId: _id, ...order }) => order) },
    executions: { ...executions, items: [...wholes].map(([executionId, fill]) => ({ executionId, ...fill })) },
    accounts,
  };
}

/** Kinds of reports, with the quantity of fills. */
export function kindsOf(reports: readonly VenueReport[]): readonly string[] {
  return reports.map((report) => (report.kind === 'filled' ? `filled ${report.fill.qty}` : report.kind));
}
