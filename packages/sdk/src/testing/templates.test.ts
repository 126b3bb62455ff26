// The templates stay whole: their manifests are true, their types fit, and what they contribute passes its suites.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import barBuilder from '../../../../templates/bar-builder/src/index.js';
import { contractFixtures as surfaceFixtures } from '../../../../templates/control-surface/src/contract.js';
import controlSurface from '../../../../templates/control-surface/src/index.js';
import { contractFixtures as feedFixtures } from '../../../../templates/feed/src/contract.js';
import feed from '../../../../templates/feed/src/index.js';
import riskPolicy from '../../../../templates/risk-policy/src/index.js';
import strategy from '../../../../templates/strategy/src/index.js';
import { contractFixtures as venueFixtures } from '../../../../templates/venue/src/contract.js';
import venue from '../../../../templates/venue/src/index.js';
import { CONTRIBUTION_KINDS, isPlugin } from '../plugin/define-plugin.js';
import type { Plugin } from '../plugin/define-plugin.js';
import { expectPasses } from './broken.fixture.js';
import { contractSuitesFor } from './contract-suites-for.js';
import type { ContractFixtures } from './contract-suites-for.js';

const TEMPLATES: Readonly<Record<string, { readonly plugin: Plugin; readonly fixtures?: ContractFixtures }>> = {
  strategy: { plugin: strategy },
  feed: { plugin: feed, fixtures: feedFixtures },
  'bar-builder': { plugin: barBuilder },
  'risk-policy': { plugin: riskPolicy },
  venue: { plugin: venue, fixtures: venueFixtures },
  'control-surface': { plugin: controlSurface, fixtures: surfaceFixtures },
};

const FOLDER = fileURLToPath(new URL('../../../../templates', import.meta.url));

describe.each(Object.entries(TEMPLATES))('template %s', (name, { plugin, fixtures }) => {
  const file = (path: string): string => readFileSync(join(FOLDER, name, path), 'utf8');

  it('says in its manifest what its plugin brings', () => {
    const manifest = JSON.parse(file('package.json')) as Record<string, unknown>;
    const kinds = Object.entries(CONTRIBUTION_KINDS).filter(([, key]) => Object.keys(plugin[key]).length > 0);
    expect(isPlugin(plugin)).toBe(true);
    expect(manifest['bookrunner']).toEqual({
      plugin: { id: plugin.id, apiVersion: plugin.apiVersion, provides: kinds.map(([kind]) => kind) },
    });
    expect(manifest['peerDependencies']).toEqual({ '@bookrunner/sdk': '>=0.1.0 <1.0.0', zod: '^4.0.0' });
    expect(kinds.map(([kind]) => kind)).toEqual([name]);
    expect(manifest['scripts']).toMatchObject({ check: 'bookrunner plugins check .' });
    expect(manifest['devDependencies']).toHaveProperty('@bookrunner/engine');
  });

  it('has what people copy', () => {
    expect(
      ['README.md', '_gitignore', 'tsconfig.json', 'src/index.test.ts'].filter(
        (path) => !existsSync(join(FOLDER, name, path)),
      ),
    ).toEqual([]);
    expect(file('README.md')).toContain(plugin.id);
  });

  it('leaves standard output to the engine', () => {
    const sources = readdirSync(join(FOLDER, name, 'src')).map((path) => file(`src/${path}`));
    expect(sources.filter((source) => /process\.stdout|console\.(?:log|info)/.test(source))).toEqual([]);
  });

  it('passes the suites of all it contributes', async () => {
    const { suites, unchecked } = contractSuitesFor(plugin, fixtures);
    expect(unchecked).toEqual([]);
    expect(suites.length).toBe(1);
    for (const { suite } of suites) await expectPasses(suite);
  });
});
