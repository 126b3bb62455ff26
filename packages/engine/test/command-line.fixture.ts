// Test support: a project folder and the built command line, run as a process in it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const COMMAND = join(REPOSITORY, 'packages/engine/bin/bookrunner.js');

/** What a process left. */
export interface Finished {
  readonly code: number | null;
  /** The signal that ended it. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link Project.run}. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Closes our end of its standard output at once, as `| head` does. */
  readonly isDeaf?: boolean;
  /** Told once, when a text is in the standard error. */
  readonly at?: { readonly text: string; readonly act: (child: ChildProcess) => void };
}

/** A fresh folder with the SDK and zod installed. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'bookrunner-cli-'));

  constructor() {
    this.#link('@bookrunner/sdk', 'packages/sdk');
    this.#link('zod', 'node_modules/zod');
  }

  write(path: string, text: string): this {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return this;
  }

  /** Runs `bookrunner` with these words in the folder. */
  run(words: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const child = spawn(process.execPath, [COMMAND, ...words], {
      cwd: this.folder,
      // Suites beside this one use the same names of accounts.
      env: {
        PATH: process.env['PATH'] ?? '',
        BOOKRUNNER_ACCOUNT_LOCKS: join(this.folder, 'locks'),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    if (options.isDeaf === true) child.stdout.destroy();
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const isThere = stderr.includes(options.at?.text ?? text);
      stderr += text;
      if (!isThere && options.at !== undefined && stderr.includes(options.at.text)) options.at.act(child);
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #link(name: string, target: string): void {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(REPOSITORY, target), path);
  }
}

const START = Date.UTC(2024, 0, 2);

/** Minute bars of a saw: up for ten, down for ten. */
export function sawBars(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const step = i % 20 < 10 ? i % 20 : 20 - (i % 20);
    const price = 100 + step;
    return `${START + i * 60_000},${price},${price + 0.5},${price - 0.5},${price + 0.25},1000`;
  });
}

/** A CSV file of bars. */
export function barsCsv(rows: readonly string[]): string {
  return `ts,open,high,low,close,volume\n${rows.join('\n')}\n`;
}

/** A strategy module whose `onBar` is `body`; it sees `context`. */
export function strategyModule(name: string, body: string): string {
  return `import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const strategy = defineStrategy({
  name: '${name}',
  params: z.strictObject({ length: z.int().min(1).default(3) }),
  state: () => ({ bars: 0 }),
  warmup: () => 1,
  onBar(context) { context.state.bars += 1; ${body} },
});
export default definePlugin({ id: '${name}', apiVersion: API_VERSION, strategies: { '${name}': strategy } });
`;
}

/** A strategy that is long for ten bars and short for ten. */
export const FLIP = strategyModule('flip', 'return context.state.bars % 20 < 10 ? 1 : -1;');

/** An engine.yaml over bars.csv with one strategy per module. */
export function engineYaml(strategies: readonly string[], csv = 'path: bars.csv, kind: bars, seconds: 60'): string {
  return `engine: { name: test }
plugins: [${strategies.map((name) => `./${name}.mjs`).join(', ')}]
instruments:
  AAA: { assetClass: equity, quote: USD, calendar: 24x7 }
feeds:
  bars: { use: csv, options: { ${csv} } }
books:
  MAIN: { capital: 100000 }
strategies:
${strategies.map((name) => `  ${name}: { use: ${name}, symbols: [AAA], allocation: 0.4 }`).join('\n')}
`;
}

/** The text as one JSON document; throws where it is anything else. */
export function onlyJson(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}
