// What the engine tells, as lines of the log: whoever reads the log reads the alarms in it.
import type { EngineNotice } from '@bookrunner/sdk';
import { engineLog } from './engine-log.js';
import { lineWriter } from './line-writer.js';

/** Writes notices to a log file, with code, details and the run they are of. Throws what the system says where it cannot be opened. */
export function noticeLog(file: string, run: string, mask: (text: string) => string): (notice: EngineNotice) => void {
  const log = engineLog({ level: 'info', format: 'json', write: lineWriter(file), mask, run });
  const part = log.forPart('engine');
  const level = { info: part.info, warning: part.warn, alarm: part.error };
  return (notice) => {
    const { ts, code, message, details } = notice;
    level[notice.level](message, { code, ...(Number.isFinite(ts) ? { at: ts } : {}), details });
  };
}
