// The engine's log: pino behind the SDK's Logger. Pino is loaded by the first line that is written: most backtests write none.
import { createRequire } from 'node:module';
import type { Logger as Pino } from 'pino';
import type { Logger } from '@bookrunner/sdk';
import type { LogLevel } from '../common-options.js';
import { shownFields } from './shown-fields.js';
import { logLine } from './log-line.js';

/** How and where the engine logs. */
export interface LogOptions {
  readonly level: LogLevel;
  /** JSON lines for machines, or one plain line each for people. */
  readonly format: 'json' | 'text';
  /** Takes each line, newline included. */
  readonly write: (line: string) => void;
  /** Removes from a line what must not be seen: `config.source.mask`. */
  readonly mask?: (text: string) => string;
  /** Id of the run, in every line. */
  readonly run?: string;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50, silent: 60 };

/** A logger of the whole engine; `forPart` names the part that speaks. */
export interface EngineLog extends Logger {
  forPart(part: string): Logger;
}

/** Makes the log. */
export function engineLog(options: LogOptions): EngineLog {
  let root: Pino | undefined;
  const pino = (): Pino => (root ??= makePino(options));
  return Object.assign(logger(options.level, pino), {
    forPart: (part: string) => {
      let child: Pino | undefined;
      return logger(options.level, () => (child ??= pino().child({ part })));
    },
  });
}

function logger(least: LogLevel, pino: () => Pino): Logger {
  const at = (level: 'debug' | 'info' | 'warn' | 'error'): Logger['info'] => {
    if (RANK[level] < RANK[least]) return () => {};
    return (message, fields) => pino()[level](shownFields(fields), message);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function makePino(options: LogOptions): Pino {
  const { mask = (text) => text, write, format } = options;
  const create = createRequire(import.meta.url)('pino') as (
    settings: object,
    stream: { write(line: string): void },
  ) => Pino;
  const settings = {
    level: options.level,
    base: options.run === undefined ? undefined : { run: options.run },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return create(settings, {
    write(line) {
      const masked = mask(line);
      write(format === 'json' ? masked : logLine(masked));
    },
  });
}
