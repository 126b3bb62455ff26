import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

// Reads the build in dist.
const ENTRY = new URL('../dist/index.js', import.meta.url).href;
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

it('listing the plugin does not load the TWS library, and has nothing left to do', async () => {
  const program = `
    import { createRequire } from 'node:module';
    const { default: plugin } = await import('${ENTRY}');
    const loaded = Object.keys(createRequire('${ENTRY}').cache).filter((path) => path.includes('stoqey'));
    console.log(JSON.stringify({ id: plugin.id, loaded }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: FOLDER,
  });
  expect(JSON.parse(stdout)).toEqual({ id: 'ibkr', loaded: [] });
});
