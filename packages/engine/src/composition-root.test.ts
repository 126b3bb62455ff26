import type { PluginContext } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { composeEngine } from './composition-root.js';
import { PluginProject } from './plugins/plugin-project.fixture.js';

const YAML = `
plugins: [./talker.mjs]
calendars: { MINE: { extends: XNYS } }
instruments: { AAA: { assetClass: equity, quote: USD, calendar: MINE } }
feeds: { made: { use: synthetic }, one: { use: talker, options: {} }, two: { use: talker, options: {} } }
venues: { paper: { use: simulated } }
strategies: {}
`;

// A feed that says its name when it is made, and keeps what it was given.
const TALKER = `
import { definePlugin } from '@bookrunner/sdk';
const feed = {
  capabilities: {},
  create(context) {
    context.logger.warn('made', { session: context.calendar('MINE').id });
    return { capabilities: {}, context };
  },
};
export default definePlugin({ id: 'talker', apiVersion: 1, feeds: { talker: feed } });
`;

async function composed(mode: 'backtest' | 'live') {
  const project = new PluginProject().link('@bookrunner/sdk', 'packages/sdk').write('talker.mjs', TALKER);
  const lines: string[] = [];
  const engine = await composeEngine({
    config: project.config(YAML),
    mode,
    log: { level: 'info', format: 'json', write: (line) => lines.push(line) },
  });
  return { engine, lines: lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>) };
}

describe('composeEngine', () => {
  it('gives every part a logger of its own, the one clock and the declared calendars', async () => {
    const { engine, lines } = await composed('backtest');
    expect(lines).toMatchObject([
      { level: 'warn', part: 'feed one', msg: 'made', session: 'MINE' },
      { level: 'warn', part: 'feed two', msg: 'made', session: 'MINE' },
    ]);
    const contexts = ['one', 'two'].map(
      (name) => (engine.parts.feeds.get(name) as unknown as { context: PluginContext }).context,
    );
    expect(contexts.every(({ clock }) => clock === engine.clock)).toBe(true);
    expect(engine.calendar('MINE')).toBe(engine.calendar('MINE'));
    await engine.dispose();
  });

  it('makes venues and controls only for the modes that have them', async () => {
    const backtest = await composed('backtest');
    const live = await composed('live');
    expect([...backtest.engine.parts.venues.keys()]).toEqual([]);
    expect([...live.engine.parts.venues.keys()]).toEqual(['paper']);
    expect(backtest.engine.parts).not.toBe(live.engine.parts);
  });

  it('does not hand the container to plugins', async () => {
    const { engine } = await composed('backtest');
    const { context } = engine.parts.feeds.get('one') as unknown as { context: PluginContext };
    expect(Object.keys(context).toSorted()).toEqual(
      [
        'calendar',
        'clock',
        'configDir',
        'dataDir',
        'instruments',
        'logger',
        'name',
        'options',
        'pluginOptions',
      ].toSorted(),
    );
  });
});
