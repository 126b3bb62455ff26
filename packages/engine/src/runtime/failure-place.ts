// When, with which symbol and where a strategy failed, for a person. The kernel's notice has none of it: it is compared in replays.
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { EngineNotice } from '@bookrunner/sdk';
import { failureOf } from '../signals/strategy-failure.js';
import { answerAdvice } from './answer-advice.js';

/** Modules of this engine lie below it, as files and in the bundle. */
const ENGINE = new URL('..', import.meta.url).href;
const FRAME = /^\s+at (?:.*\()?((?:file:\/\/|\/|[A-Za-z]:[\\/]).*):(\d+):(\d+)\)?$/;
const SDK = /\/(?:@bookrunner|packages)\/sdk\//;

/** A line of code. Lines and columns count from 1. */
interface CodeLine {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** The notice as it is told: of a failed strategy with time, symbol, line of code and advice, as far as they are known. */
export function toldNotice(notice: EngineNotice): EngineNotice {
  const failure = failureOf(notice);
  if (failure === undefined) return notice;
  const place = placeOf(failure.error);
  const parts = [
    `at ${new Date(notice.ts).toISOString()}`,
    ...(failure.symbol === undefined ? [] : [`with ${failure.symbol}`]),
    ...(place === undefined ? [] : [`at ${place}`]),
  ];
  const told = { ...notice, message: `${notice.message} It was ${parts.join(', ')}.` };
  const advice = answerAdvice(failure);
  if (advice === undefined) return told;
  const details = { ...notice.details, remedy: advice.remedy };
  return { ...told, message: `${told.message} ${advice.what}`, details };
}

/** `file:line` of the strategy's own code that an error comes from, from the working folder on; undefined where it does not say. */
export function placeOf(error: unknown, engine = ENGINE): string | undefined {
  try {
    const { stack } = error as { readonly stack?: unknown };
    const own = typeof stack === 'string' ? ownLine(stack, engine) : undefined;
    if (own === undefined) return undefined;
    const { url, line } = sourceOf(own);
    const path = fileURLToPath(url);
    const near = relative(process.cwd(), path);
    return `${near.length < path.length ? near : path}:${line}`;
  } catch {
    // What strategies throw may be anything, and what lies beside their code too: the failure is told all the same.
    return undefined;
  }
}

/** Of the calls above the engine the first outside node_modules; of an installed strategy the one that the engine made. */
function ownLine(stack: string, engine: string): CodeLine | undefined {
  const lines = stack.split('\n').flatMap((text) => {
    const [, file, line, column] = FRAME.exec(text) ?? [];
    if (file === undefined) return [];
    const url = file.startsWith('file:') ? file : pathToFileURL(file).href;
    return [{ url: url.replace(/\?.*$/, ''), line: Number(line), column: Number(column) }];
  });
  const end = lines.findIndex(({ url }) => url.startsWith(engine));
  const above = lines.slice(0, end === -1 ? undefined : end).filter(({ url }) => !SDK.test(url));
  return above.find(({ url }) => !url.includes('/node_modules/')) ?? above.at(-1);
}

/** The line that a compiled one was written as, where a map beside it says so and the source is there. */
function sourceOf(compiled: CodeLine): CodeLine {
  const map = new URL(`${compiled.url}.map`);
  try {
    const payload = JSON.parse(readFileSync(map, 'utf8')) as SourceMapPayload;
    const entry = new SourceMap(payload).findEntry(compiled.line - 1, compiled.column - 1);
    if (!('originalSource' in entry)) return compiled;
    const url = new URL(entry.originalSource, map);
    return existsSync(url)
      ? { url: url.href, line: entry.originalLine + 1, column: entry.originalColumn + 1 }
      : compiled;
  } catch {
    // No map, or none that can be read.
    return compiled;
  }
}
