// Loaded into the engine's process before it starts (`node --import`), in each of its threads. Counts how often the engine comes to one
// place and kills the process there, as the power button would: the engine itself has no hook for it.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';

const { CRASH_POINT, CRASH_WHEN, CRASH_NTH, CRASH_ARMED, CRASH_SNAPSHOT_MS, CRASH_SYNCHRONOUS } = process.env;

/** Statements of the journal, by how they begin. */
const STATEMENTS = [
  ['begin', 'BEGIN IMMEDIATE'],
  ['block', 'INSERT INTO blocks'],
  ['line', 'UPDATE segments SET last'],
  ['snapshot', 'INSERT INTO snapshots'],
  ['segment', 'INSERT INTO segments'],
  ['succeed', 'UPDATE segments SET state'],
  ['commit', 'COMMIT'],
  ['read', 'SELECT id, first, count, payload'],
];
/** What goes to the broker, and what comes from it. */
const REQUESTS = ['submit', 'cancel', 'replace', 'snapshot'];
const FILL = '"kind":"filled"';
/** Time between two snapshots of a running engine, in `journal/run-journal.ts`. */
const SNAPSHOT_EVERY_MS = 60_000;

let left = Number(CRASH_NTH);

function reach(point, when) {
  if (point !== CRASH_POINT || when !== CRASH_WHEN) return;
  if (CRASH_ARMED !== undefined && !existsSync(CRASH_ARMED)) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}

/** The method with the point before and after it. */
function around(point, method) {
  return function (...values) {
    reach(point, 'before');
    const result = method.apply(this, values);
    reach(point, 'after');
    return result;
  };
}

function sqlite() {
  return createRequire(new URL('../../packages/engine/package.json', import.meta.url))('better-sqlite3');
}

function watchJournal() {
  const Database = sqlite();
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function (sql) {
    const statement = prepare.call(this, sql);
    const point = STATEMENTS.find(([, beginning]) => sql.startsWith(beginning))?.[0];
    if (point !== CRASH_POINT || !this.name.endsWith('journal.db')) return statement;
    const name = point === 'read' ? 'all' : 'run';
    statement[name] = around(point, statement[name]);
    return statement;
  };
}

function watchWire() {
  const { write, emit } = Socket.prototype;
  Socket.prototype.write = function (data, ...rest) {
    const request = REQUESTS.find((op) => typeof data === 'string' && data.includes(`"op":"${op}"`));
    if (request === undefined) return write.call(this, data, ...rest);
    // The socket takes what it can at once: after this the broker has it, whatever becomes of this process.
    return around(`wire-${request}`, write).call(this, data, ...rest);
  };
  if (CRASH_POINT !== 'fill') return;
  Socket.prototype.emit = function (event, ...values) {
    if (event !== 'data' || !String(values[0]).includes(FILL)) return emit.call(this, event, ...values);
    return around('fill', emit).call(this, event, ...values);
  };
}

/** Snapshots come once a minute; nobody here waits so long. */
function hurrySnapshots() {
  const { setInterval } = globalThis;
  globalThis.setInterval = (act, ms, ...rest) =>
    setInterval(act, ms === SNAPSHOT_EVERY_MS ? Number(CRASH_SNAPSHOT_MS) : ms, ...rest);
}

/** A driver that takes another setting than it was told, and says it took it: what the trace of the wire has to find. */
function spoilSynchronous() {
  const Database = sqlite();
  const { pragma } = Database.prototype;
  Database.prototype.pragma = function (text, ...rest) {
    // The store has a check of its own, and would refuse to open.
    if (!this.name.endsWith('journal.db')) return pragma.call(this, text, ...rest);
    if (text === 'synchronous') return 2;
    return pragma.call(this, text.replace('synchronous = FULL', `synchronous = ${CRASH_SYNCHRONOUS}`), ...rest);
  };
}

if (CRASH_POINT !== undefined) {
  watchJournal();
  watchWire();
}
if (CRASH_SNAPSHOT_MS !== undefined) hurrySnapshots();
if (CRASH_SYNCHRONOUS !== undefined) spoilSynchronous();
