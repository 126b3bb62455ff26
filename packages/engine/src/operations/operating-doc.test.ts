import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { METRIC_FAMILIES } from '../metrics/metric-families.js';

const read = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
const PAGE = read('docs/operating.md');

describe('docs/operating.md', () => {
  it.each(['bookrunner.service', 'Dockerfile', 'prometheus.yml', 'bookrunner-alerts.yml'])(
    'shows %s as it is',
    (name) => {
      expect(PAGE.includes(`\n${read(`examples/operating/${name}`)}\`\`\``)).toBe(true);
    },
  );

  it('says what to do about every alarm', () => {
    const rows = [...read('docs/errors.md').matchAll(/^\| (`[A-Z_`, ]+`) \| ([a-z, ]+) \| (.*) \|$/gm)];
    const alarms = rows
      .filter(([, , level, words]) => level?.includes('alarm') === true || words?.includes('An alarm where') === true)
      .flatMap(([, codes = '']) => [...codes.matchAll(/`([A-Z_]+)`/g)].map((match) => match[1] ?? ''));
    expect(alarms.length).toBeGreaterThan(10);
    expect(alarms.filter((code) => !PAGE.slice(PAGE.indexOf('## Alarms')).includes(`\`${code}\``))).toEqual(
      alarms.filter((code) => code === 'HALT_RESUMED'),
    );
  });

  it('names every metric, and alerts on none that is not there', () => {
    const names = METRIC_FAMILIES.map(({ name }) => name);
    expect(names.filter((name) => !PAGE.includes(`\`${name.replace('bookrunner_', '')}\``))).toEqual([]);
    const used = [...read('examples/operating/bookrunner-alerts.yml').matchAll(/bookrunner_[a-z_]+/g)];
    expect(used.map(([name]) => name).filter((name) => !names.includes(name))).toEqual([]);
  });
});
