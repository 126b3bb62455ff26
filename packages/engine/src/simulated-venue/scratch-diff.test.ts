import { describe, expect, it } from '@jest/globals';
import { VenueBench as NewBench, stock, MINUTE, DAY_SESSION, ALWAYS_OPEN, MONDAY } from './venue-bench.fixture.js';
import { VenueBench as OldBench } from '/tmp/old/packages/engine/src/simulated-venue/venue-bench.fixture.ts';

function rng(seed: number) {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = s;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const stats = { whole: 0, fills: 0, liq: 0, expired: 0, mc: 0, oco: 0 };
function one(seed: number) {
  const r = rng(seed);
  const int = (a: number, b: number) => a + Math.floor(r() * (b - a + 1));
  const pick = <T>(xs: readonly T[]): T => xs[Math.floor(r() * xs.length)]!;
  const session = r() < 0.4;
  const hasMargin = r() < 0.3;
  const chosen: any = {
    fill: pick(['next-open', 'this-close', 'cross-spread']),
    limitFill: pick(['touch', 'through']),
    volumeShare: pick([0, 0, 0.25, 1]),
    assumedSpreadTicks: pick([0, 3]),
    slippage: pick([{ model: 'none' }, { model: 'ticks', ticks: 2 }, { model: 'bps', bps: 1.7 }, { model: 'volume-impact', coefficient: 0.1 }].slice(0, 3)),
    fees: pick([{ model: 'none' }, { model: 'bps', bps: 1 / 3, minimum: 0.5 }, { model: 'maker-taker', makerBps: -0.3, takerBps: 1.1 }, { model: 'per-unit', amount: 0.01 }, { model: 'per-share', amount: 0.005, minimum: 1, maximumPct: 1 }, { model: 'per-lot', amount: 0.2, lotSize: 10 }]),
    financing: pick([{ model: 'none' }, { model: 'rate', longPct: 4, shortPct: 1 }]),
    latency: pick([{}, { submitMs: 30, cancelMs: 5, replaceMs: 90_000 }, { submitMs: 70_000 }]),
    shortSale: r() < 0.8,
    initialCash: { USD: hasMargin ? 6000 : 1000 },
    executionHistory: pick([0, 3, 1000]),
    ...(hasMargin ? { margin: { initialPct: 25, onCall: pick(['liquidate', 'cancel-entries']) } } : {}),
  };
  const more: any = { instruments: [stock({ pointValue: 2 }), stock({ symbol: 'DEF', lotStep: 5, minQty: 5 })], calendar: session ? DAY_SESSION : ALWAYS_OPEN, setup: {} };
  let o: any, n: any;
  try { o = new OldBench(chosen, more); n = new NewBench(chosen, more); } catch (e) { delete chosen.margin; if (seed < 3) console.log(String(e), JSON.stringify((e as any).details ?? (e as any).issues)); o = new OldBench(chosen, more); n = new NewBench(chosen, more); }
  if (session) { o.now = n.now = MONDAY + 14 * 60 * MINUTE - 5 * MINUTE; }
  const calm = r() < 0.6;
  const takes = r() < 0.8;
  const asTicks = r() < 0.15;
  let seq = 0;
  const both = (f: (b: any) => void) => {
    let eo: unknown, en: unknown;
    try { f(o); } catch (e) { eo = e; }
    try { f(n); } catch (e) { en = e; }
    expect(String(en)).toBe(String(eo));
    if (eo !== undefined) throw new Error('stop');
  };
  const bar = (i: number) => {
    const open = 10_000 + int(calm ? -20 : -200, calm ? 20 : 200);
    const high = open + int(0, calm ? 40 : 150), low = open - int(0, calm ? 40 : 150);
    const close = int(low, high);
    return { open: open / 100, high: high / 100, low: low / 100, close: close / 100, volume: int(0, 400) };
  };
  const send = () => {
    const count = int(1, 3);
    const first = seq + 1;
    const link = pick(['none', 'oco', 'bracket', 'bracket']);
    const acct = pick(['main', 'main', 'other']);
    const instr = int(0, 1);
    const fields: any[] = [];
    for (let k = 0; k < count; k++) {
      const type = pick(calm ? ['limit', 'limit', 'stop', 'stop-limit', 'market', 'trailing-stop'] : ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop']);
      const p = () => (calm && r() < 0.8 ? pick([int(9800, 9940), int(10060, 10200)]) : int(9800, 10200)) / 100;
      const tif = pick(['DAY', 'GTC', 'GTC', 'GTD', 'IOC', 'FOK']);
      const any = type === 'market' || type === 'limit';
      fields.push({
        side: pick(['buy', 'sell']), qty: int(1, 24) * 5, type,
        tif: any || (tif !== 'IOC' && tif !== 'FOK') ? tif : 'GTC',
        expiresAt: n.now + int(1, 25) * (MINUTE / 2),
        ...(type === 'limit' || type === 'stop-limit' ? { limit: p() } : {}),
        ...(type === 'stop' || type === 'stop-limit' ? { stop: p() } : {}),
        ...(type === 'trailing-stop' ? { trail: pick([0.4, 1.5]) } : {}),
        purpose: r() < 0.4 ? 'protection' : 'entry',
        oco: link === 'oco' || (link === 'bracket' && k > 0) ? first : 0,
        parent: link === 'bracket' && k > 0 ? first : 0,
        instrument: r() < 0.15 ? 1 - instr : instr,
        account: r() < 0.03 ? 'main' : acct,
      });
    }
    seq += count;
    both((b) => b.submit(...fields));
  };
  const misc = () => {
    const x = r();
    if (x < 0.6) return send();
    if (seq === 0) return;
    const id = int(1, seq);
    if (x < 0.75) return both((b) => b.venue.cancel(b.records.get(id), b.now));
    if (x < 0.95) {
      const rec = n.records.get(id);
      const ch: any = {};
      if (r() < 0.6) ch.qty = int(1, 30) * 5;
      if (r() < 0.7 && (rec.orderType === 'limit' || rec.orderType === 'stop-limit')) ch.limitPrice = int(9800, 10200) / 100;
      if (r() < 0.5 && (rec.orderType === 'stop' || rec.orderType === 'stop-limit')) ch.stopPrice = int(9800, 10200) / 100;
      return both((b) => b.venue.replace(b.records.get(id), ch, b.now));
    }
    if (x < 0.97) return both((b) => b.restart());
    if (x < 0.98) return both((b) => b.venue.forgetPrices());
    return both((b) => b.venue.snapshot(b.now));
  };
  const passOrNot = (b: any, i: number, v: any, ts: number) => {
    const endTs = ts + MINUTE;
    const whole = takes && b.venue.passBar(i, { symbol: b.instruments[i].symbol, ts, endTs, nTicks: NaN, vwap: NaN, ...v });
    if (whole) { if (b === n) stats.whole++; }
    else { b.venue.onBarOpen(i, v.open, ts); b.now = endTs; b.venue.onBarRange(i, v, endTs); }
    b.now = endTs;
  };
  try {
    const steps = int(10, 70);
    for (let s = 0; s < steps; s++) {
      const x = r();
      if (x < 0.45) {
        if (asTicks) {
          const m = 10_000 + int(-60, 60), i = int(0, 1), last = r() < 0.3;
          both((b) => { b.now += 1000; b.venue.onTick(i, { ts: b.now, recvTs: b.now, symbol: b.instruments[i].symbol, venue: 't', bid: last ? NaN : (m - 1) / 100, ask: last ? NaN : (m + 1) / 100, bidSize: 50, askSize: 60, last: last ? m / 100 : NaN, size: last ? 40 : NaN }, b.now); });
        } else {
          // one instrument's whole bar
          const i = int(0, 1); const v = bar(i);
          both((b) => passOrNot(b, i, v, b.now));
        }
      } else if (x < 0.65 && !asTicks) {
        // both instruments side by side with things in between
        const v = [bar(0), bar(1)];
        const ts = n.now;
        both((b) => b.venue.onBarOpen(0, v[0]!.open, ts));
        both((b) => b.venue.onBarOpen(1, v[1]!.open, ts));
        if (r() < 0.3) { o.now += 20_000; n.now += 20_000; misc(); if (r() < 0.3) misc(); }
        if (r() < 0.1) both((b) => b.restart());
        both((b) => { b.now = ts + MINUTE; b.venue.onBarRange(0, v[0], b.now); });
        if (r() < 0.2) misc();
        both((b) => { b.venue.onBarRange(1, v[1], b.now); });
      } else if (x < 0.9) misc();
      else if (x < 0.94) { const m = r() < 0.3 ? int(0, 1500) : int(0, 30); both((b) => { b.now += m * MINUTE; b.venue.advance(b.now); }); }
      else if (x < 0.96 && !asTicks) { const v = bar(0); both((b) => { b.now += MINUTE; b.venue.onBarRange(0, v, b.now); }); }
      else send();
      expect(n.venue.nextDeadline).toBe(o.venue.nextDeadline);
      expect(n.now).toBe(o.now);
    }
  } catch (e) { if ((e as Error).message !== 'stop') throw e; }
  const h = n.listener.heard;
  stats.fills += h.filter((l: any) => l.kind === 'filled').length;
  stats.liq += h.filter((l: any) => l.kind === 'liquidated').length;
  stats.expired += h.filter((l: any) => l.kind === 'expired').length;
  stats.mc += h.filter((l: any) => l.reason === 'MARGIN_CALL' || l.reason === 'INSUFFICIENT_MARGIN').length;
  stats.oco += h.filter((l: any) => l.reason === 'OCO_FILLED').length;
  expect(h).toEqual(o.listener.heard);
  expect(n.venue.save()).toEqual(o.venue.save());
  expect(n.venue.snapshot(n.now)).toEqual(o.venue.snapshot(o.now));
}

describe('old and new', () => {
  it('same with two instruments', () => {
    const from = Number(process.env.FROM ?? 0), count = Number(process.env.COUNT ?? 6000);
    for (let seed = from; seed < from + count; seed++) {
      try { one(seed); } catch (e) { console.log('seed', seed); throw e; }
    }
    console.log(JSON.stringify(stats));
  });
});
