// Which engine owns which broker account. No row of a run: the table is written by operations/lease-table.ts alone.
import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

const NAME = 'account_leases';

/** Creates the table of leases. */
export class CreateAccountLeases1764288000000 implements MigrationInterface {
  readonly name = 'CreateAccountLeases1764288000000';

  async up(runner: QueryRunner): Promise<void> {
    const key = ['venue', 'account'].map((name) => ({ name, type: 'text', isPrimary: true }));
    const numbers = ['fence', 'acquired_at', 'renewed_at', 'expires_at'].map((name) => ({ name, type: 'bigint' }));
    await runner.createTable(
      new Table({ name: NAME, columns: [...key, { name: 'holder', type: 'text' }, ...numbers] }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(NAME);
  }
}
