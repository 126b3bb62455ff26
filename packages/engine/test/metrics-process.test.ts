// The metrics of a real session, as a control surface gets them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Project, strategyModule } from './command-line.fixture.js';
import { TICKER } from './live-feed.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(120_000);

/** A control surface that keeps the first page of a session that has traded. */
const SCRAPER = `
import { writeFileSync } from 'node:fs';
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { z } from 'zod';
export default definePlugin({
  id: 'scraper',
  apiVersion: API_VERSION,
  controls: {
    scraper: {
      options: z.strictObject({}),
      create: () => {
        let timer;
        return {
          async open(engine) {
            timer = setInterval(async () => {
              const page = await engine.metrics();
              if (!/^bookrunner_responding 1$/m.test(page) || !/^bookrunner_fills_total [1-9]/m.test(page)) return;
              clearInterval(timer);
              writeFileSync('page.txt', page);
              console.error('The page is there.');
            }, 200);
          },
          async close() { clearInterval(timer); },
        };
      },
    },
  },
});
`;

const YAML = `engine: { name: test }
plugins: [./steady.mjs, ./ticker.mjs, ./scraper.mjs]
instruments: { EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7 } }
feeds: { data: { use: ticker } }
venues: { sim: { use: simulated } }
books: { MAIN: { capital: 100000 } }
strategies:
  steady: { use: steady, symbols: [EURUSD], bars: { use: time, options: { seconds: 1, price: mid } } }
controls: { page: { use: scraper } }
`;

let project: Project;

beforeEach(() => {
  project = new Project()
    .write('steady.mjs', strategyModule('steady', 'return 0.5;'))
    .write('ticker.mjs', TICKER)
    .write('scraper.mjs', SCRAPER)
    .write('engine.yaml', YAML);
});

afterEach(() => project.remove());

describe('metrics of a session', () => {
  it('say what it has and does', async () => {
    const finished = await project.run(['paper', '--report', 'none'], {
      at: { text: 'The page is there.', act: (child) => child.kill('SIGINT') },
    });
    const page = join(project.folder, 'page.txt');
    expect([finished.code, existsSync(page), finished.stderr]).toMatchObject([0, true, expect.any(String)]);
    const lines = new Map(
      readFileSync(page, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))] as const),
    );
    expect(lines.get('bookrunner_responding')).toBe(1);
    expect(lines.get('bookrunner_feed_live{feed="data"}')).toBe(1);
    expect(lines.get('bookrunner_orders_total')).toBeGreaterThan(0);
    expect(lines.get('bookrunner_fills_total')).toBeGreaterThan(0);
    expect(lines.get('bookrunner_position_quantity{strategy="steady",symbol="EURUSD"}')).toBeGreaterThan(0);
    expect(lines.get('bookrunner_book_equity{book="MAIN",currency="USD"}')).toBeGreaterThan(99_000);
    expect(lines.get('bookrunner_book_cash{book="MAIN",currency="USD"}')).toBeLessThan(100_000);
    expect(lines.get('bookrunner_journal_size_bytes')).toBeGreaterThan(0);
    expect(lines.get('bookrunner_beat_age_seconds')).toBeLessThan(60);
    expect(lines.get('process_resident_memory_bytes')).toBeGreaterThan(0);
  });
});
