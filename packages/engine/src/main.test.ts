import { describe, expect, it } from '@jest/globals';
import type { TextStream } from './cli/command-output.js';
import { main } from './main.js';
import { ENGINE_VERSION } from './version.js';

class TextSink implements TextStream {
  readonly isTerminal = false;
  readonly columns = 80;
  text = '';
  write(text: string): void {
    this.text += text;
  }
}

async function said(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const stdout = new TextSink();
  const stderr = new TextSink();
  const never = (): (() => void) => () => {};
  const signals = { onInterrupt: never, onBusyInterrupt: never };
  const code = await main(words, { stdout, stderr, env, now: () => 1_700_000_000_000, ...signals });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

describe('main', () => {
  it('answers --version and --help on standard output', async () => {
    expect(await said(['--version'])).toEqual({ code: 0, stdout: `${ENGINE_VERSION}\n`, stderr: '' });
    const help = await said(['backtest', '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--on-bad-row');
  });

  it('tells a wrong word on standard error, and as the one document where JSON is asked for', async () => {
    const plain = await said(['bcktest']);
    expect(plain).toMatchObject({ code: 2, stdout: '' });
    expect(plain.stderr).toContain("Did you mean 'backtest'?");
    const json = await said(['bcktest', '--json']);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'CLI_USAGE_INVALID' } });
  });

  it('shows where it happened only to whoever asks', async () => {
    const words = ['check', '/nowhere/engine.yaml', '--mode', 'fast'];
    expect((await said(words)).stderr).not.toContain('    at ');
    expect((await said(words, { BOOKRUNNER_DEBUG: '1' })).stderr).toContain('    at ');
  });

  it('prints the JSON Schema of engine.yaml', async () => {
    const { code, stdout } = await said(['schema', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', properties: { strategies: {} } });
  });

  it('lists built-in contributions where there is no engine.yaml', async () => {
    const { code, stdout } = await said(['plugins', 'list', '--json']);
    expect(code).toBe(0);
    const names = (
      JSON.parse(stdout) as { contributions: readonly { kind: string; name: string }[] }
    ).contributions.map(({ kind, name }) => `${kind} ${name}`);
    expect(names).toEqual(expect.arrayContaining(['feed csv', 'venue simulated', 'risk-policy standard']));
  });

  it('says of a wrong value where the command at hand is explained', async () => {
    const faults = [
      [['check', '--mode', 'lve'], 'check'],
      [['data', 'import', 'a.csv'], 'data import'],
      [['journal', 'show', '--fills', 'x', '--limit', 'y'], 'journal show'],
    ] as const;
    for (const [words, name] of faults) {
      // oxlint-disable-next-line no-await-in-loop
      const { code, stderr } = await said(words);
      expect([name, code, stderr]).toEqual([name, 2, expect.stringContaining(`See \`bookrunner ${name} --help\`.`)]);
    }
  });

  it('offers the command that a misspelt word of `plugins` nearly is', async () => {
    for (const [word, meant] of [
      ['chek', 'check'],
      ['lst', 'list'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const { code, stderr } = await said(['plugins', word]);
      expect(code).toBe(2);
      expect(stderr).toContain(`There is no command 'plugins ${word}'. Did you mean '${meant}'?`);
    }
  });

  it('speaks of the argument where a plugin that the command line names is not there', async () => {
    const { stderr } = await said(['plugins', 'check', './missing.js']);
    expect(stderr).toContain("PLUGIN_NOT_FOUND: there is no file or folder './missing.js'. Correct the argument");
    expect(stderr).toContain(process.cwd());
    expect(stderr).not.toMatch(/plugins\[|`plugins:`|:1:13/);
  });

  it('says where an import looked for its file', async () => {
    const { code, stderr } = await said(['data', 'import', 'missing.csv', '--symbol', 'AAA']);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`a relative one starts at ${process.cwd()} here.`);
  });
});
