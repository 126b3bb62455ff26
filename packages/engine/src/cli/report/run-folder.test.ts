import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { runFolder } from './run-folder.js';

const runs = mkdtempSync(join(tmpdir(), 'bookrunner-runs-'));
afterAll(() => rmSync(runs, { recursive: true, force: true }));

describe('runFolder', () => {
  it('says of a run that was killed what a new start does: only over live feeds it goes on', () => {
    const folder = join(runs, '20240102-000000-abcdef');
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.yaml'), '');
    const find = (): string => runFolder('latest', { runs: () => runs, note: () => {} });
    const remedy = expect.stringMatching(
      /`bookrunner journal show 20240102-000000-abcdef` and `bookrunner parity 20240102-000000-abcdef` .*goes on from a session over live feeds; one over recorded data.* begins anew\.$/,
    );
    expect(find).toThrow(expect.objectContaining({ code: 'REPORT_RUN_UNFINISHED', remedy }));
  });
});
