// Where the fault of a module stands: Node tells it of a fault nobody catches, and keeps it from the error of an import.
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const PARSE_TIMEOUT_MS = 10_000;
/** `file:///srv/my.js:19`, `/srv/my.js:19` or `C:\\srv\\my.js:19`, alone on its line. */
const PLACE = /^((?:file:|\/|[A-Za-z]:\\).*):(\d+)$/m;

/** `/srv/my.js:19` of a fault of the language; undefined for other errors, and where Node does not tell. */
export async function faultPlace(cause: unknown, entry: string): Promise<string | undefined> {
  if ((cause as { readonly name?: unknown } | null | undefined)?.name !== 'SyntaxError') return undefined;
  // A name that another module does not export has its place on the first line.
  return placeIn(String((cause as Error).stack).split('\n')[0] ?? '') ?? placeIn(await parsed(entry));
}

function placeIn(text: string): string | undefined {
  const [, file, line] = PLACE.exec(text) ?? [];
  if (file === undefined || line === undefined) return undefined;
  return `${file.startsWith('file:') ? fileURLToPath(file) : file}:${line}`;
}

/** What Node says of the text as a module; it is parsed and not run. Given as a file, one that only its text makes a module would pass. */
function parsed(entry: string): Promise<string> {
  return new Promise((resolve) => {
    const words = ['--check', '--input-type=module', '-'];
    const child = execFile(process.execPath, words, { timeout: PARSE_TIMEOUT_MS, env: {} }, (_, __, stderr) => {
      resolve(stderr.replace(/^\[stdin\]:/m, () => `${entry}:`));
    });
    // A file that cannot be read any more, or a child that has gone, tells nothing.
    child.stdin?.on('error', () => {});
    createReadStream(entry)
      .on('error', () => child.kill())
      .pipe(child.stdin as Writable);
  });
}
