import { describe, expect, it } from '@jest/globals';
import { TradingError } from '@bookrunner/sdk';
import { CLI_ERRORS, cliError } from './cli-errors.js';
import { EXIT, exitCodeOf } from './exit-code.js';
import { debugText, errorDocument, operatorText } from './operator-text.js';

function tradingError(code: string, details: Readonly<Record<string, unknown>> = {}): TradingError {
  return new TradingError(code, 'It broke.', { severity: 'fatal', remedy: 'Mend it.', details });
}

const systemError = (): Error =>
  Object.assign(new Error("ENOSPC: no space left on device, write '/data/x'"), {
    code: 'ENOSPC',
    syscall: 'write',
    errno: -28,
  });

describe('operatorText', () => {
  it('is code, message and remedy', () => {
    expect(operatorText(errorDocument(tradingError('DATA_BAD_ROW')))).toBe('DATA_BAD_ROW: It broke. Mend it.');
  });

  it('puts the remedy below a list of problems', () => {
    const error = new TradingError('CONFIG_INVALID', 'two problems:\n  one\n  two\n', {
      severity: 'fatal',
      remedy: 'Mend them.',
    });
    expect(operatorText(errorDocument(error))).toBe('CONFIG_INVALID: two problems:\n  one\n  two\nMend them.');
  });

  it('knows an error of another copy of the SDK, and lists its issues', () => {
    const foreign = Object.defineProperty(
      { code: 'X_Y', message: 'It broke.', remedy: '', severity: 'fatal', details: { failures: [{ code: 'Z' }] } },
      Symbol.for('@bookrunner/trading-error'),
      { value: true },
    );
    expect(errorDocument(foreign)).toMatchObject({ code: 'X_Y', message: 'It broke.', issues: [{ code: 'Z' }] });
  });

  it('calls an error of the operating system by what it says', () => {
    const text = operatorText(errorDocument(systemError()));
    expect(text).toBe(
      `CLI_SYSTEM_ERROR: ENOSPC: no space left on device, write '/data/x'. ${CLI_ERRORS.CLI_SYSTEM_ERROR.remedy}`,
    );
  });

  it.each([
    [new TypeError('x is not a function\n    at y')],
    ['thrown text'],
    [undefined],
    [null],
    [{ message: 'plain' }],
  ])('calls %p INTERNAL, on one line, without a stack', (thrown) => {
    const document = errorDocument(thrown);
    expect(document.code).toBe('INTERNAL');
    expect(operatorText(document)).not.toContain('\n');
    expect(document.remedy).toContain('BOOKRUNNER_DEBUG=1');
  });

  it('shows stack and causes to whoever debugs', () => {
    const text = debugText(new Error('outer', { cause: new Error('inner') }));
    expect(text).toContain('outer');
    expect(text).toContain('[cause]: Error: inner');
    expect(text).toContain('    at ');
  });
});

describe('exitCodeOf', () => {
  it.each([
    ['CLI_USAGE_INVALID', EXIT.usage],
    ['CLI_INTERRUPTED', EXIT.failed],
    ['CONFIG_FILE_UNREADABLE', EXIT.usage],
    ['CONFIG_INVALID', EXIT.usage],
    ['SECRET_MISSING', EXIT.usage],
    ['PLUGIN_BOOT_FAILED', EXIT.usage],
    ['INSTRUMENT_INVALID', EXIT.usage],
    ['RUN_RANGE_INVALID', EXIT.usage],
    ['RUN_WITHOUT_STRATEGIES', EXIT.usage],
    ['DATA_FILE_MISSING', EXIT.usage],
    ['DATA_BAD_ROW', EXIT.failed],
    ['RUN_NO_DATA', EXIT.failed],
    ['REPORT_WRITE_FAILED', EXIT.failed],
    ['CALENDAR_OUT_OF_RANGE', EXIT.failed],
    ['RISK_LEVERAGE', EXIT.refused],
    ['RECONCILE_UNEXPLAINED', EXIT.refused],
    ['JOURNAL_IN_USE', EXIT.refused],
    ['ACCOUNT_LEASED', EXIT.refused],
    ['INTERNAL', EXIT.failed],
  ])('%s', (code, exit) => {
    expect(exitCodeOf(tradingError(code))).toBe(exit);
  });

  it('is "failed" where something did not connect, and for anything unknown', () => {
    expect(exitCodeOf(tradingError('PLUGIN_BOOT_FAILED', { phase: 'open' }))).toBe(EXIT.failed);
    expect(exitCodeOf(systemError())).toBe(EXIT.failed);
    expect(exitCodeOf(new Error('x'))).toBe(EXIT.failed);
    expect(exitCodeOf(cliError('CLI_USAGE_INVALID', 'x'))).toBe(EXIT.usage);
  });
});
