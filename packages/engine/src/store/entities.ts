// The tables as TypeORM entities. EntitySchema needs no decorator metadata, and rows stay plain objects.
import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import type { DatabaseValue } from './column.js';
import type { Table } from './table.js';
import { TABLES, type RowOf, type TableName } from './tables.js';

function entityOf<Row extends object>(table: Table<Row>): EntitySchema<Row> {
  const columns = table.columns.map(({ field, name, column, isKey }): [string, EntitySchemaColumnOptions] => [
    field,
    {
      name,
      type: column.type,
      nullable: column.isNullable,
      primary: isKey,
      transformer: {
        to: (value: unknown) => (value === undefined ? undefined : column.encode(value)),
        from: (value: DatabaseValue) => column.decode(value),
      },
    },
  ]);
  return new EntitySchema<Row>({
    name: table.name,
    tableName: table.name,
    columns: Object.fromEntries(columns) as never,
    indices: table.indexes.map(({ name, fields }) => ({ name, columns: [...fields] })),
  });
}

/** The entity of every table. */
export const ENTITIES = Object.fromEntries(
  Object.entries(TABLES).map(([name, table]) => [name, entityOf(table as Table<object>)]),
) as unknown as { readonly [Name in TableName]: EntitySchema<RowOf<Name>> };
