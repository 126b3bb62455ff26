// The one place where anything thrown becomes words for an operator: code, message, remedy, and never a stack.
import { inspect } from 'node:util';
import { isTradingError, type Severity } from '@bookrunner/sdk';
import { CLI_ERRORS } from './cli-errors.js';
import { isSystemError } from './system-error.js';
import { sentence } from '../sentence.js';

/** An error as the JSON output shows it. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly severity: Severity;
  /** What was wrong one by one, where the error says so: places of engine.yaml, failures of a boot phase. */
  readonly issues?: readonly unknown[];
}

/** Any thrown value as code, message and remedy. What the program does not know is `INTERNAL`. */
export function errorDocument(error: unknown): ErrorDocument {
  if (isTradingError(error)) {
    const { code, remedy, severity, details } = error;
    const issues = details['issues'] ?? details['failures'];
    return {
      code,
      message: error.message.trimEnd(),
      remedy,
      severity,
      ...(Array.isArray(issues) ? { issues: issues as readonly unknown[] } : {}),
    };
  }
  if (isSystemError(error)) {
    return { code: 'CLI_SYSTEM_ERROR', message: sentence(firstLine(error.message)), ...CLI_ERRORS.CLI_SYSTEM_ERROR };
  }
  return { code: 'INTERNAL', message: sentence(firstLine(messageOf(error))), ...CLI_ERRORS.INTERNAL };
}

/** `CODE: message remedy`, over several lines where the message lists problems. */
export function operatorText(error: ErrorDocument): string {
  const separator = error.message.includes('\n') ? '\n' : ' ';
  return `${error.code}: ${error.message}${separator}${error.remedy}`;
}

/** The error with its stack and causes, for whoever asked by BOOKRUNNER_DEBUG=1. */
export function debugText(error: unknown): string {
  return inspect(error, { depth: 6, colors: false });
}

function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').trim().replace(/[.:]$/, '');
}
