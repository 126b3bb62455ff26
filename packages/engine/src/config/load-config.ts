// engine.yaml from file to configuration: read, override, substitute, check everything, complete.
import { defineInstrument, isTradingError } from '@bookrunner/sdk';
import type { CalendarDefinitions, EpochMs, Instrument, InstrumentOptions } from '@bookrunner/sdk';
import { declarationIssues, expiryWarnings } from './calendar-check.js';
import { allocationIssues, allocationWarnings, venueNameWarnings } from './check-complete.js';
import { checkReferences } from './check-references.js';
import { completeConfig } from './complete-config.js';
import { configErrorOf, formatPath } from './config-errors.js';
import type { ConfigIssue, ConfigPath } from './config-errors.js';
import type { ConfigSource } from './config-source.js';
import type { EngineConfig } from './engine-config.js';
import { applyOverrides } from './overrides.js';
import { parseValue } from './parse-value.js';
import { freezePlain, isRecord } from './plain-value.js';
import { readYaml } from './read-yaml.js';
import { reservedKeyIssues } from './reserved-keys.js';
import { engineSchema } from './schema/engine-schema.js';
import type { EngineDocument } from './schema/engine-schema.js';
import { secretFileIssue } from './secret-files.js';
import { substituteVariables } from './substitute.js';
import type { Environment } from './substitute.js';
import { section } from './wiring.js';

/** What {@link loadConfig} takes besides the file. */
export interface LoadConfigOptions {
  /** The environment that `${NAME}` reads; `process.env` on the command line. */
  readonly env?: Environment;
  /** `path=value`, applied in order before anything is checked. */
  readonly overrides?: readonly string[];
  /** What was read from the file before; it is not read again. */
  readonly text?: string;
  /** Now: with it, calendars whose data ends soon are warned of. */
  readonly now?: EpochMs;
}

/**
 * Reads engine.yaml.
 * Errors: CONFIG_FILE_UNREADABLE; CONFIG_YAML_INVALID; CONFIG_INVALID with every issue in `details.issues` (see `issuesOf`), or
 * the issues' own code where they all have the same one: CONFIG_VARIABLE_MISSING, SECRET_MISSING, CONFIG_OVERRIDE_INVALID.
 */
export function loadConfig(path: string, options: LoadConfigOptions = {}): EngineConfig {
  const { data, source } = readYaml(path, options.text);
  if (!isRecord(data)) {
    throw configErrorOf(source.name, [source.issue([], 'has to be an object with sections such as `strategies:`.')]);
  }
  const overrideIssues = applyOverrides(data, options.overrides ?? [], source);
  const substitution = substituteVariables(data, options.env ?? {}, source);
  source.noteData(substitution.data);
  const reservedIssues = reservedKeyIssues(substitution.data, source);
  const checked = checkDocument(substitution.data, source);
  // What a missing variable would have been is not known, and a reserved key may be an unknown one too: one issue is enough.
  const reported = new Set([...substitution.missing.map(formatPath), ...reservedIssues.map((issue) => issue.path)]);
  const issues = [
    ...overrideIssues,
    ...substitution.issues,
    ...reservedIssues,
    ...checked.issues.filter((issue) => !reported.has(issue.path)),
  ];
  if (issues.length > 0 || checked.document === undefined) throw configErrorOf(source.name, issues);
  return finish({ document: checked.document, instruments: checked.instruments, source, options });
}

interface CheckedDocument {
  readonly document: EngineDocument | undefined;
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly issues: readonly ConfigIssue[];
}

/** Schema, references, instruments and calendars, each as far as the others let it. */
function checkDocument(data: unknown, source: ConfigSource): CheckedDocument {
  const parsed = parseValue(engineSchema, data, (path) => source.isSubstituted(path));
  const faults = parsed.kind === 'faulty' ? parsed.faults : [];
  const schemaIssues = faults.map(({ path, message, remedy }) =>
    source.issue(path, message, remedy === undefined ? {} : { remedy }),
  );
  const isFaulty = (path: ConfigPath): boolean =>
    faults.some((fault) => path.every((key, index) => fault.path[index] === key));
  const document = parsed.kind === 'parsed' ? (parsed.value as EngineDocument) : undefined;
  const instruments = completeInstruments(document?.instruments ?? {}, source);
  const calendars = (document?.calendars ?? section(data, 'calendars')) as CalendarDefinitions;
  const calendarIssues = isFaulty(['calendars']) ? [] : declarationIssues(calendars, source);
  const databaseIssues = document === undefined ? [] : loadDatabaseSecret(document, source);
  return {
    document,
    instruments: instruments.complete,
    issues: [
      ...schemaIssues,
      ...checkReferences(data, source),
      ...instruments.issues,
      ...calendarIssues,
      ...databaseIssues,
    ],
  };
}

function completeInstruments(
  declared: EngineDocument['instruments'],
  source: ConfigSource,
): { readonly complete: Readonly<Record<string, Instrument>>; readonly issues: readonly ConfigIssue[] } {
  const complete: Record<string, Instrument> = {};
  const issues: ConfigIssue[] = [];
  for (const [symbol, options] of Object.entries(declared)) {
    try {
      complete[symbol] = defineInstrument({ symbol, ...options } as InstrumentOptions);
    } catch (error) {
      if (!isTradingError(error)) throw error;
      issues.push(source.issue(['instruments', symbol], error.message, { remedy: error.remedy }));
    }
  }
  return { complete, issues };
}

function loadDatabaseSecret(document: EngineDocument, source: ConfigSource): readonly ConfigIssue[] {
  if (document.database.type !== 'postgres') return [];
  const issue = secretFileIssue(document.database.url, ['database', 'url'], source);
  return issue === undefined ? [] : [issue];
}

function finish(input: {
  readonly document: EngineDocument;
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly source: ConfigSource;
  readonly options: LoadConfigOptions;
}): EngineConfig {
  const { source } = input;
  const { now } = input.options;
  const config = completeConfig(input);
  const issues = allocationIssues(config);
  if (issues.length > 0) throw configErrorOf(source.name, issues);
  const used = [
    ...Object.values(config.instruments).map((instrument) => instrument.calendar),
    ...Object.values(config.books).map((book) => book.dayCalendar),
  ];
  const expiring = now === undefined ? [] : expiryWarnings(used, config.calendars, { now, source });
  return freezePlain({
    ...config,
    warnings: [...allocationWarnings(config), ...venueNameWarnings(config), ...expiring],
  });
}
