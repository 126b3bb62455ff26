// Test support: a live project with the SDK's paper venue as somebody's broker plugin, account DU1.
import { TICKER } from './live-feed.fixture.js';
import { LIVE, STRATEGIES } from './paper-project.fixture.js';

/** It quotes itself, and leaves files where it was opened and where it was closed. */
const VENUE = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { PAPER_CAPABILITIES, PaperVenue } from '@bookrunner/sdk/testing';
const { simulated, ...capabilities } = PAPER_CAPABILITIES;
class Desk extends PaperVenue {
  constructor(context) {
    super({ instruments: [...context.instruments.values()], clock: context.clock, account: 'DU1' });
    this.folder = context.dataDir;
    this.quote('EURUSD', 1.1, 1.1001);
  }
  async open(sink) {
    await super.open(sink);
    writeFileSync(join(this.folder, 'opened'), '');
  }
  async close() {
    await super.close();
    writeFileSync(join(this.folder, 'closed'), '');
  }
}
export default definePlugin({ id: 'desk', apiVersion: API_VERSION, venues: { desk: { capabilities, create: (context) => new Desk(context) } } });
`;

/** Files of the project beside engine.yaml. */
export const LIVE_DESK_FILES = { 'strategies.js': STRATEGIES, 'ticker.js': TICKER, 'desk.mjs': VENUE } as const;

/** Its engine.yaml. */
export const LIVE_DESK = LIVE.replace('./ticker.js', './ticker.js, ./desk.mjs').replace(
  'venues: { sim: { use: simulated } }',
  'venues: { ib: { use: desk } }\naccounts: { main: { venue: ib, id: DU1, exclusive: true } }\nbooks: { MAIN: { account: main, capital: 100000 } }',
);
