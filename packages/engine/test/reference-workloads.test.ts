// The reference workloads through the built engine, as processes: published fills at sizes that a test can afford.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(120_000);

const BENCH = fileURLToPath(new URL('../../../bench/run.mjs', import.meta.url));

interface Document {
  readonly [fact: string]: unknown;
  readonly checks: { readonly total: number; readonly failed: readonly unknown[]; readonly disagreements: number };
}

function bench(...words: readonly string[]): Promise<{ code: number | null; document: Document }> {
  const child = spawn(process.execPath, [BENCH, ...words, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, document: JSON.parse(text) as Document }));
  });
}

const ONCE = ['--processes', '1', '--rounds', '1'];

describe('reference workloads', () => {
  it('have the published data and, in the bare loops, the published fills', async () => {
    const { code, document } = await bench('data');
    expect(document.checks).toEqual({ total: 20, failed: [], disagreements: 0 });
    expect(code).toBe(0);
  });

  it('W1 gives the published fills at 100,000 bars', async () => {
    const { document } = await bench('w1', '--n', '100000', ...ONCE);
    expect(document).toMatchObject({
      fills: 3_858,
      closedTrades: 3_857,
      wins: 1_355,
      finalPosition: -100,
      cash: 10_262_137.5,
      finalEquity: 9_894_587.5,
      fees: 96_437.5,
      maxDrawdown: 132_850,
      fillHash: '0x6999ed68',
      checks: { failed: [], disagreements: 0 },
    });
  });

  it('W1c gives the published fills at a million bars', async () => {
    const { document } = await bench('w1c', ...ONCE);
    expect(document).toMatchObject({ fills: 38_799, finalEquity: 9_106_812.5, fillHash: '0x2525e811' });
    expect(document.checks).toEqual({ total: 6, failed: [], disagreements: 0 });
  });

  it('W1r brackets every entry, refuses nothing and ends with one entry at most', async () => {
    const { document } = await bench('w1r', '--n', '50000', ...ONCE);
    expect(document.checks.failed).toEqual([]);
    expect(Number(document['orders'])).toBeGreaterThan(2 * Number(document['closedTrades']));
    expect([-100, 0, 100]).toContain(document['finalPosition']);
  });

  it('W2 is the bare loop, quote for quote', async () => {
    const { document } = await bench('w2', '--n', '200000', ...ONCE);
    expect(document.checks).toEqual({ total: 4, failed: [], disagreements: 0 });
    expect(Number(document['fills'])).toBeGreaterThan(100);
  });

  it('a hundred symbols are a hundred bare loops, and no limit refuses an order', async () => {
    const { document } = await bench('symbols', '--n', '100000', ...ONCE);
    expect(document.checks).toEqual({ total: 3, failed: [], disagreements: 0 });
    expect(document['warnings']).toBe(0);
    expect(Number(document['fills'])).toBeGreaterThan(1_000);
  });

  it('refuses an unknown workload with the list of those there are', async () => {
    const child = spawn(process.execPath, [BENCH, 'w9'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    const code = await new Promise((resolve) => {
      child.on('close', resolve);
    });
    expect(code).toBe(2);
    expect(text).toContain("no workload 'w9'");
    expect(text).toContain('w1r');
  });
});
