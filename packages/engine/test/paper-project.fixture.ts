// Test support: a project folder with engine.yaml and strategies of its own, for runs in real threads.
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** Threads and processes run compiled code. */
export const HAS_DIST = [
  'packages/engine/dist/runtime/session/worker-entry.js',
  'packages/sdk/dist/index.js',
  'strategies/ma-cross/dist/index.js',
].every((file) => existsSync(join(REPOSITORY, file)));

/** Module of the compiled paper run, for processes. */
export const PAPER_MODULE = join(REPOSITORY, 'packages/engine/dist/runtime/session/paper.js');

const LINKS = {
  '@bookrunner/sdk': 'packages/sdk',
  '@bookrunner/strategy-ma-cross': 'strategies/ma-cross',
  zod: 'node_modules/zod',
};

/** A fresh folder. */
export class PaperProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'bookrunner-paper-'));
  readonly configPath = join(this.folder, 'engine.yaml');
  readonly dataDir = join(this.folder, 'var');

  constructor(yaml: string, files: Readonly<Record<string, string>> = {}) {
    for (const [name, target] of Object.entries(LINKS)) {
      const path = join(this.folder, 'node_modules', name);
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(join(REPOSITORY, target), path);
    }
    this.write('engine.yaml', yaml);
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    mkdirSync(this.dataDir);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A control surface that writes, again and again, what the engine says of itself. */
export const WATCHER = `
import { writeFileSync, renameSync } from 'node:fs';
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { z } from 'zod';
const options = z.strictObject({ file: z.string() });
export default definePlugin({
  id: 'watcher',
  apiVersion: API_VERSION,
  controls: {
    watcher: {
      options,
      create: ({ options: { file } }) => {
        let timer;
        const answers = [];
        return {
          async open(engine) {
            const ask = async () => {
              const answer = await engine.command({ ts: 0, name: 'status', args: {}, actor: 'watcher' });
              answers.push({ kind: answer.kind, isFresh: answer.data?.isFresh, strategies: answer.data?.strategies });
              writeFileSync(file + '.tmp', JSON.stringify(answers));
              renameSync(file + '.tmp', file);
            };
            timer = setInterval(() => void ask(), 100);
          },
          async close() { clearInterval(timer); },
        };
      },
    },
  },
});
`;

/** Strategies that misbehave. */
export const STRATEGIES = `
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const params = z.strictObject({ after: z.int().default(0) });
const long = defineStrategy({ name: 'long', params, warmup: () => 1, onBar: () => 1 });
const hang = defineStrategy({
  name: 'hang',
  params,
  warmup: () => 1,
  state: () => ({ bars: 0 }),
  onBar({ state, params }) {
    state.bars += 1;
    while (state.bars > params.after);
    return 1;
  },
});
export default definePlugin({ id: 'test-strategies', apiVersion: API_VERSION, strategies: { long, hang } });
`;

const EURUSD = '  EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x5 }';
const MA_CROSS = 'plugins: ["@bookrunner/strategy-ma-cross"]';

interface YamlParts {
  readonly feed: string;
  readonly bars: string;
  readonly fill: string;
  readonly params?: string;
}

function yaml(parts: YamlParts): string {
  return `
engine: { name: paper-test, baseCurrency: USD, dataDir: ./var }
${MA_CROSS}
instruments:
${EURUSD}
feeds:
  data: ${parts.feed}
venues: { sim: { use: simulated, options: ${parts.fill} } }
strategies:
  cross:
    use: ma-cross
    symbols: [EURUSD]
    bars: ${parts.bars}
    params: ${parts.params ?? '{ fast: 3, slow: 8 }'}
`;
}

/** One strategy of {@link STRATEGIES} over a synthetic market. */
export function scripted(
  use: 'long' | 'hang',
  more: { readonly params?: string; readonly controls?: string } = {},
): string {
  return `
engine: { name: paper-test, baseCurrency: USD, dataDir: ./var }
plugins: [./strategies.js${more.controls === undefined ? '' : ', ./watcher.js'}]
instruments:
${EURUSD}
feeds:
  data: { use: synthetic, options: { seed: 7, days: 5, startPrice: 1.1, ticksPerMinute: 60 } }
venues: { sim: { use: simulated } }
strategies:
  mine:
    use: ${use}
    symbols: [EURUSD]
    bars: { use: time, options: { seconds: 60, price: mid } }
    params: ${more.params ?? '{}'}
${more.controls === undefined ? '' : `controls: { watcher: { use: watcher, options: { file: ${JSON.stringify(more.controls)} } } }`}
`;
}

/** `long` on bars of a second over {@link TICKER}. */
export const LIVE = `
engine: { name: paper-test, baseCurrency: USD, dataDir: ./var }
plugins: [./strategies.js, ./ticker.js]
instruments:
${EURUSD.replace('24x5', '24x7')}
feeds: { data: { use: ticker } }
venues: { sim: { use: simulated } }
strategies:
  mine: { use: long, symbols: [EURUSD], bars: { use: time, options: { seconds: 1, price: mid } } }
`;

/** Configurations over recorded data. */
export const SYNTHETIC = {
  ticks: yaml({
    feed: '{ use: synthetic, options: { seed: 7, days: 2, startPrice: 1.1, ticksPerMinute: 20 } }',
    bars: '{ use: time, options: { seconds: 300, price: mid } }',
    fill: '{ latency: { submitMs: 40, cancelMs: 40, replaceMs: 40 } }',
  }),
  bars: yaml({
    feed: '{ use: synthetic, options: { seed: 3, days: 3, startPrice: 1.1, kind: bars, seconds: 60 } }',
    bars: '{ use: time, options: { seconds: 300 } }',
    fill: '{ fill: next-open }',
  }),
  eurusd: (file: string): string =>
    yaml({
      feed: `{ use: csv, options: { path: ${JSON.stringify(file)}, kind: ticks } }`,
      bars: '{ use: time, options: { seconds: 60, price: mid } }',
      fill: '{}',
      params: '{ fast: 10, slow: 30 }',
    }),
} as const;
