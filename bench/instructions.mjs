// npm run bench:instructions -- [WORKLOAD] [--top N]: machine instructions a bar, or a quote of w2, or a tick of latency, by function and by line,
// once V8 has compiled everything. They do not depend on how busy the machine is, as times do. Needs valgrind.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { add, readCounts, runCounted } from './lib/callgrind.mjs';
import { CompiledCode } from './lib/compiled-code.mjs';

const COUNTED = ['w1', 'w1r', 'w2', 'symbols', 'latency'];
const ROWS = 200_000;
/** Runs before the counted one. */
const WARMUPS = 12;
const ROOT = new URL('..', import.meta.url).pathname;
const SCRIPT = new URL('lib/counted-run.mjs', import.meta.url).pathname;

async function main() {
  const { values, positionals } = parseArgs({
    options: { top: { type: 'string', default: '40' } },
    allowPositionals: true,
  });
  const [name = 'w1'] = positionals;
  if (!COUNTED.includes(name)) throw new Error(`'${name}' is none of what is counted: ${COUNTED.join(', ')}.`);
  const folder = mkdtempSync(join(tmpdir(), 'bookrunner-instructions-'));
  try {
    const [counts, code] = [join(folder, 'counts'), join(folder, 'code')];
    await runCounted({ script: SCRIPT, args: [name, String(ROWS), String(WARMUPS)], counts, code });
    tell(readCounts(counts), new CompiledCode(code), Number(values.top));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Map<number, number>} counts
 * @param {CompiledCode} code
 * @param {number} top
 */
function tell(counts, code, top) {
  const [functions, lines] = [new Map(), new Map()];
  let total = 0;
  for (const [address, count] of counts) {
    const place = code.find(address);
    if (place?.source === undefined) continue;
    const file = relative(ROOT, place.source.file);
    // The data of a benchmark is made as it is read.
    if (file.startsWith('bench/')) continue;
    const line = code.lineOf(place);
    total += count;
    add(functions, `${file} ${place.source.name}`, count);
    add(lines, `${file}:${line.number}  ${line.text.slice(0, 80)}`, count);
  }
  console.log(`${(total / ROWS).toFixed(0)} instructions a row in compiled code\n`);
  table('by function, inlined ones apart', functions, top);
  table('by line', lines, top);
}

function table(title, sums, top) {
  console.log(title);
  const rows = [...sums].toSorted(([, a], [, b]) => b - a).slice(0, top);
  for (const [what, count] of rows) console.log(`${(count / ROWS).toFixed(1).padStart(9)}  ${what}`);
  console.log();
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
