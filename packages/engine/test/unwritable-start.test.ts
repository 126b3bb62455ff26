// A live start on a data folder that cannot be written: what is open at brokers is nobody's meanwhile, and that is said.
import { mkdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { journalPath } from '../src/journal/journal-file.js';
import { runPaper } from '../src/runtime/session/paper.js';
import { LIVE_DESK, LIVE_DESK_FILES } from './live-desk.fixture.js';
import { PaperProject } from './paper-project.fixture.js';

const projects: PaperProject[] = [];
afterEach(() => projects.splice(0).forEach((project) => project.remove()));

function start(mode: 'paper' | 'live', hasJournal: boolean): Promise<unknown> {
  const project = new PaperProject(LIVE_DESK, LIVE_DESK_FILES);
  projects.push(project);
  mkdirSync(project.dataDir, { recursive: true });
  project.write('var/runs', 'A file is as bad as a disk that only reads.');
  if (hasJournal) mkdirSync(journalPath(project.dataDir), { recursive: true });
  return runPaper({ configPath: project.configPath, env: {}, mode, runId: 'r', handlesSignals: false });
}

describe('a start on a data folder that cannot be written', () => {
  it('says that nobody watches what earlier live sessions left', async () => {
    await expect(start('live', true)).rejects.toMatchObject({
      code: 'REPORT_WRITE_FAILED',
      message: expect.stringContaining('left at brokers stay there and are watched by nobody'),
    });
  });

  it.each([
    ['live', false],
    ['paper', true],
  ] as const)('has nothing to say of them in %s mode with a journal: %s', async (mode, hasJournal) => {
    await expect(start(mode, hasJournal)).rejects.toMatchObject({
      code: 'REPORT_WRITE_FAILED',
      message: expect.not.stringContaining('brokers'),
    });
  });
});
