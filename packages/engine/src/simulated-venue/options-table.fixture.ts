// Test support: the table of docs/simulated-venue.md, made of the schema.
import { z } from 'zod';
import { simulatedVenueOptions } from './options.js';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** Head and rows, a line each. */
export function optionsTable(): string {
  const schema = z.toJSONSchema(simulatedVenueOptions, { io: 'input' }) as Schema;
  const rows = rowsOf('', schema).map((row) => `| ${row.join(' | ')} |\n`);
  return `| option | takes | default | is |\n|---|---|---|---|\n${rows.join('')}`;
}

type Row = readonly [option: string, takes: string, preset: string, text: string];

function rowsOf(path: string, schema: Schema, model = ''): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, option]) => {
    if (option.const !== undefined) return [];
    const inner = path === '' ? name : `${path}.${name}`;
    // What stands in place of an option takes what that option takes.
    if (option.oneOf !== undefined && model === '' && !path.startsWith('instruments')) return modelRows(inner, option);
    if (option.properties !== undefined) return [...ownRow(inner, option), ...rowsOf(inner, option)];
    if (typeof option.additionalProperties === 'object') return recordRows(inner, option, option.additionalProperties);
    const of = model === '' ? '' : ` (\`${model}\`)`;
    return [[`\`${inner}\`${of}`, takes(option), preset(option, schema.required?.includes(name)), told(option)]];
  });
}

/** An object that may be absent, or says more than its parts. */
function ownRow(path: string, option: Schema): readonly Row[] {
  return option.default === undefined && option.description !== undefined
    ? [[`\`${path}\``, 'the options below', 'none', told(option)]]
    : [];
}

function recordRows(path: string, option: Schema, each: Schema): readonly Row[] {
  const key = `${path}.${path === 'instruments' ? 'SYMBOL' : 'CURRENCY'}`;
  if (each.properties === undefined) return [[`\`${key}\``, takes(each), 'none', told(option)]];
  return [[`\`${key}\``, 'the options below', 'none', told(option)], ...rowsOf(key, each)];
}

function modelRows(path: string, option: Schema): readonly Row[] {
  const models = (option.oneOf ?? []).map((one) => ({ one, model: one.properties?.['model']?.const ?? '' }));
  const names = models.map(({ model }) => `\`${model}\``).join(', ');
  const chosen = (option.default as { readonly model: string }).model;
  return [
    [`\`${path}.model\``, names, `\`${chosen}\``, told(option)],
    ...models.flatMap(({ one, model }) => rowsOf(path, one, model)),
  ];
}

function takes(option: Schema): string {
  if (option.enum !== undefined) return option.enum.map((word) => `\`${word}\``).join(', ');
  if (option.oneOf !== undefined) return 'a model';
  if (option.type === 'boolean') return '`true`, `false`';
  const { minimum, maximum, exclusiveMinimum } = option;
  const kind = option.type === 'integer' ? 'whole number' : 'number';
  const from =
    exclusiveMinimum === undefined ? (minimum === undefined ? '' : ` from ${minimum}`) : ` above ${exclusiveMinimum}`;
  return `${kind}${from}${maximum === undefined ? '' : ` to ${maximum}`}`;
}

function preset(option: Schema, isRequired = false): string {
  if (option.default !== undefined) return `\`${String(option.default)}\``;
  return isRequired ? 'has to be given' : 'none';
}

function told({ description = '' }: Schema): string {
  return description.replace('; see docs/simulated-venue.md.', ', [see below](#price-of-a-market-order).');
}
