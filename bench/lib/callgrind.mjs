// Runs a script under valgrind and reads how often each machine instruction outside of libraries ran.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const VALGRIND = [
  '-q',
  '--tool=callgrind',
  '--instr-atstart=no',
  '--smc-check=all-non-file',
  '--dump-instr=yes',
  '--compress-pos=no',
  '--compress-strings=no',
];

/**
 * @param {{ script: string, args: readonly string[], counts: string, code: string }} run files that get the counts and V8's print of its code
 */
export function runCounted({ script, args, counts, code }) {
  const flags = [
    // With a thread that compiles beside, what V8 knows when it decides what to inline is chance: counts vary by a tenth.
    '--no-concurrent-recompilation',
    '--print-opt-code',
    '--print-opt-source',
    '--redirect-code-traces',
    `--redirect-code-traces-to=${code}`,
  ];
  const words = [...VALGRIND, `--callgrind-out-file=${counts}`, process.execPath, ...flags, script, ...args];
  const child = spawn('valgrind', words, { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', () => reject(new Error('valgrind is not there. On Debian: apt-get install valgrind.')));
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`The counted process ended with ${status}.`));
    });
  });
}

/**
 * Instructions by address, of code that V8 made.
 * @param {string} file of callgrind
 */
export function readCounts(file) {
  const counts = new Map();
  let isOurs = false;
  let isCall = false;
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    if (line.startsWith('ob=')) isOurs = line === 'ob=???';
    else if (line.startsWith('calls=')) isCall = true;
    else if (line.startsWith('0x')) {
      // The line after `calls=` is what the called one cost.
      if (isOurs && !isCall) add(counts, parseInt(line, 16), Number(line.slice(line.lastIndexOf(' '))));
      isCall = false;
    }
  }
  return counts;
}

/** @param {Map<unknown, number>} sums */
export function add(sums, key, amount) {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
