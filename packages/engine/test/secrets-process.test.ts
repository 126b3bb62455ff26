// What a session leaves anywhere (output, log file, journal, run folder, backup) never shows a secret, whatever a plugin does with it.
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { onlyJson, Project, strategyModule } from './command-line.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(120_000);

const SECRET = 'Zx9-very-secret-Q7';

/** A live feed that says its secret wherever it can be said. */
const BLABBER = `
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { z } from 'zod';
export default definePlugin({
  id: 'blabber',
  apiVersion: API_VERSION,
  feeds: {
    blabber: {
      capabilities: { quotes: true },
      options: z.object({ token: z.string() }),
      create: ({ options: { token }, clock, logger }) => {
        let timer;
        return {
          capabilities: { quotes: true },
          async resolve(instrument) { return { instrument, sourceId: instrument.symbol }; },
          async open() {
            logger.warn('logging in with ' + token, { token, nested: { deep: { apiKey: token, list: [{ password: token }] } }, url: 'wss://x/?t=' + token });
            logger.error('failed', { error: Object.assign(new Error('refused ' + token), { code: 'E_LOGIN', request: { token } }) });
          },
          async close() { clearInterval(timer); },
          async subscribe([{ symbol }], sink) {
            const unknown = NaN;
            sink.status({ ts: clock.nowUtc(), state: 'disconnected', reason: 'LOGIN', message: 'refused for ' + token });
            timer = setInterval(() => {
              const ts = clock.nowUtc();
              sink.tick({ ts, recvTs: ts, symbol, venue: 'x', bid: 1.1, ask: 1.1001, bidSize: unknown, askSize: unknown, last: unknown, size: unknown });
            }, 20);
            return { async close() { clearInterval(timer); } };
          },
        };
      },
    },
  },
});
`;

/** A broker that says its secret wherever it can be said. */
const DESK = `
import { API_VERSION, definePlugin, secret } from '@bookrunner/sdk';
import { PAPER_CAPABILITIES, PaperVenue } from '@bookrunner/sdk/testing';
import { z } from 'zod';
const { simulated, ...capabilities } = PAPER_CAPABILITIES;
class Desk extends PaperVenue {
  constructor({ instruments, clock, options }) {
    super({ instruments: [...instruments.values()], clock, account: 'DU1' });
    this.clock = clock;
    this.token = options.token.reveal();
    this.asked = 0;
  }
  async open(sink) {
    this.said = sink;
    await super.open(sink);
    const ts = this.clock.nowUtc();
    sink.status({ ts, venue: 'ib', state: 'connecting', reason: 'R-' + this.token, message: 'logged in with ' + this.token });
    sink.status({ ts, venue: 'ib', state: 'ready', reason: '', message: '' });
  }
  async snapshot() {
    this.asked += 1;
    if (this.asked === 1) throw new Error('no snapshot for ' + this.token);
    return super.snapshot();
  }
  async submit([order]) {
    const { clientOrderId, symbol } = order;
    setTimeout(() => this.said.report({ kind: 'rejected', ts: this.clock.nowUtc(), clientOrderId, symbol, reason: 'R-' + this.token, message: 'not today ' + this.token }), 10);
    return { kind: 'unknown', reason: 'R-' + this.token, message: 'nobody knows ' + this.token };
  }
}
const options = z.object({ token: secret() });
export default definePlugin({ id: 'desk', apiVersion: API_VERSION, venues: { desk: { capabilities, options, create: (context) => new Desk(context) } } });
`;

const YAML = `engine: { name: test }
plugins: [./steady.mjs, ./blabber.mjs]
instruments: { EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7 } }
feeds: { data: { use: blabber, options: { token: "\${TOKEN}" } } }
venues: { sim: { use: simulated } }
strategies:
  steady: { use: steady, symbols: [EURUSD], bars: { use: time, options: { seconds: 1, price: mid } } }
`;

let project: Project;

beforeEach(() => {
  project = new Project()
    .write('steady.mjs', strategyModule('steady', 'return 0.5;'))
    .write('blabber.mjs', BLABBER)
    .write('engine.yaml', YAML);
});

afterEach(() => project.remove());

function textsBelow(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) found.set(path, readFileSync(path, 'latin1'));
    }
  };
  walk(folder);
  return found;
}

describe('secrets', () => {
  it('show up in nothing a session leaves', async () => {
    const env = { TOKEN: SECRET };
    const words = ['paper', '--duration', '2500ms', '--report', 'none', '--json', '--log-level', 'debug'];
    const toFile = await project.run([...words, '--log-file', 'engine.log'], { env });
    expect([toFile.code, toFile.stderr]).toEqual([0, expect.stringContaining('warning: FEED_')]);
    const toStderr = await project.run(words, { env });
    expect(toStderr.stderr).toContain('logging in with ***');
    await project.run(['journal', 'export', 'latest', 'export.jsonl'], { env });
    await project.run(['backup', 'copy'], { env });
    expect(statSync(join(project.folder, 'engine.log')).mode & 0o077).toBe(0);

    const lines = readFileSync(join(project.folder, 'engine.log'), 'utf8').trim().split('\n');
    const records = lines.map((line) => onlyJson(line));
    const run = onlyJson(toFile.stdout)['run'];
    for (const record of records) {
      expect(record).toMatchObject({ run, part: expect.any(String), level: expect.any(String) });
      expect(new Date(String(record['time'])).toISOString()).toBe(record['time']);
    }
    expect(records).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ part: 'feed data', level: 'warn', msg: 'logging in with ***', token: '***' }),
        expect.objectContaining({ level: 'error', error: { code: 'E_LOGIN', message: 'refused ***' } }),
        expect.objectContaining({ part: 'engine', code: 'FEED_STATUS' }),
      ]),
    );

    for (const { stdout, stderr } of [toFile, toStderr]) {
      expect(stdout).not.toContain(SECRET);
      expect(stderr).not.toContain(SECRET);
    }
    const texts = [...textsBelow(project.folder)].filter(([path]) => !path.includes('node_modules'));
    expect(texts.map(([path]) => path.split('/').at(-1))).toEqual(
      expect.arrayContaining(['export.jsonl', 'journal.db', 'engine.log', 'manifest.json', 'config.yaml']),
    );
    expect(texts.filter(([, text]) => text.includes(SECRET)).map(([path]) => path)).toEqual([]);
  });

  it('show up in nothing that a broker says', async () => {
    project.write('blabber.mjs', BLABBER.replace("state: 'disconnected'", "state: 'live'"));
    project.write('desk.mjs', DESK).write(
      'engine.yaml',
      YAML.replace('./blabber.mjs]', './blabber.mjs, ./desk.mjs]').replace(
        'venues: { sim: { use: simulated } }',
        `venues: { ib: { use: desk, options: { token: "\${TOKEN}" } } }
accounts: { main: { venue: ib, id: DU1, exclusive: true } }
books: { MAIN: { account: main, capital: 100000 } }`,
      ),
    );
    const env = { TOKEN: SECRET };
    const words = ['run', '--duration', '10m', '--report', 'none', '--json', '--log-level', 'debug'];
    // The last of what it says.
    const at = { text: 'not today ', act: (child: ChildProcess) => child.kill('SIGINT') };
    const { code, stdout, stderr } = await project.run(words, { env, at });
    expect([code, stderr]).toEqual([0, expect.stringContaining('logged in with ***')]);
    await project.run(['journal', 'export', 'latest', 'export.jsonl'], { env });
    const exported = readFileSync(join(project.folder, 'export.jsonl'), 'utf8');
    for (const said of ['logged in with ***', 'not today ***', 'no snapshot for ***']) expect(exported).toContain(said);
    expect(`${stdout}${stderr}`).not.toContain(SECRET);
    const texts = [...textsBelow(project.folder)].filter(([path]) => !path.includes('node_modules'));
    expect(texts.map(([path]) => path.split('/').at(-1))).toContain('reconciliation.json');
    expect(texts.filter(([, text]) => text.includes(SECRET)).map(([path]) => path)).toEqual([]);
  });

  it('do not show in an error either', async () => {
    project.write(
      'blabber.mjs',
      BLABBER.replace("logger.warn('logging", "throw new Error('no ' + token); logger.warn('logging"),
    );
    const { code, stdout, stderr } = await project.run(['paper', '--json', '--log-level', 'debug'], {
      env: { TOKEN: SECRET, BOOKRUNNER_DEBUG: '1' },
    });
    expect([code, onlyJson(stdout)]).toMatchObject([1, { error: { code: 'PLUGIN_BOOT_FAILED' } }]);
    expect(`${stdout}${stderr}`).toContain('no ***');
    expect(`${stdout}${stderr}`).not.toContain(SECRET);
  });

  it('says where a log file cannot be opened', async () => {
    const { code, stdout } = await project.run(['paper', '--json', '--log-file', 'no/such/folder.log'], {
      env: { TOKEN: SECRET },
    });
    expect([code, onlyJson(stdout)]).toMatchObject([1, { error: { code: 'CLI_SYSTEM_ERROR' } }]);
  });
});
