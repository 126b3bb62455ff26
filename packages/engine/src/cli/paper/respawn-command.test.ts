import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { exitCodeOf } from '../exit-code.js';
import { respawnCommand } from './respawn-command.js';

const UNDER_SYSTEMD = { env: { INVOCATION_ID: 'x' } } as unknown as CommandIo;

describe('whether a command runs below a parent', () => {
  it('is not to be answered with yes and no', async () => {
    const args = new CommandArguments({ respawn: true, 'no-respawn': true });
    const error = await respawnCommand(args, UNDER_SYSTEMD, true).catch((cause: unknown) => cause);
    expect([isTradingError(error) && error.code, exitCodeOf(error)]).toEqual(['CLI_USAGE_INVALID', 2]);
    expect((error as Error).message).toBe('--respawn and --no-respawn contradict each other; one of them at most.');
  });

  it('is no where a supervisor is there and nothing is said', async () => {
    expect(await respawnCommand(new CommandArguments({}), UNDER_SYSTEMD, true)).toBeUndefined();
    expect(await respawnCommand(new CommandArguments({ 'no-respawn': true }), UNDER_SYSTEMD, true)).toBeUndefined();
  });
});
