// The first shape of the store, written out: later changes of tables.ts must not change what this migration did.
import { Table, TableIndex, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';

type ColumnType = 'text' | 'bigint' | 'integer' | 'double precision';

interface Shape {
  readonly key: readonly string[];
  /** Column to type; a question mark makes it nullable. */
  readonly columns: Readonly<Record<string, ColumnType | `${ColumnType}?`>>;
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  orders: {
    key: ['run', 'account', 'client_order_id'],
    columns: {
      run: 'text',
      account: 'text',
      client_order_id: 'text',
      venue_order_id: 'text',
      symbol: 'text',
      strategy: 'text',
      book: 'text',
      tag: 'text',
      trading_day: 'integer',
      side: 'text',
      order_type: 'text',
      tif: 'text',
      purpose: 'text',
      qty: 'text',
      limit_price: 'text?',
      stop_price: 'text?',
      trail: 'text?',
      expires_at: 'bigint?',
      oco_group: 'text',
      parent_id: 'text',
      created_ts: 'bigint',
      status: 'text',
      filled_qty: 'text',
      avg_fill_price: 'text?',
      updated_ts: 'bigint',
      ended_ts: 'bigint?',
      reason: 'text',
      revision: 'text',
    },
    indexes: {
      ix_orders_created: ['run', 'created_ts'],
      ix_orders_book_created: ['run', 'book', 'created_ts'],
      ix_orders_status: ['run', 'status', 'created_ts'],
    },
  },
  fills: {
    key: ['run', 'account', 'execution_id'],
    columns: {
      run: 'text',
      account: 'text',
      execution_id: 'text',
      order_id: 'text',
      ts: 'bigint',
      sequence: 'text',
      symbol: 'text',
      strategy: 'text',
      book: 'text',
      tag: 'text',
      trading_day: 'integer',
      side: 'text',
      qty: 'text',
      price: 'text',
      reference_price: 'text?',
      fee: 'text',
      fee_currency: 'text',
      liquidity: 'text',
      realised: 'text?',
      status: 'text',
      revision: 'text',
    },
    indexes: {
      ix_fills_ts: ['run', 'ts', 'sequence'],
      ix_fills_book_ts: ['run', 'book', 'ts', 'sequence'],
      ix_fills_order: ['run', 'order_id'],
    },
  },
  positions: {
    key: ['run', 'account', 'book', 'strategy', 'symbol'],
    columns: {
      run: 'text',
      account: 'text',
      book: 'text',
      strategy: 'text',
      symbol: 'text',
      qty: 'text',
      cost: 'text',
      avg_price: 'text?',
      realised: 'text',
      fees: 'text',
      unrealised: 'text?',
      mark_price: 'text?',
      updated_ts: 'bigint',
      revision: 'text',
    },
    indexes: {
      ix_positions_book: ['run', 'book'],
    },
  },
  marks: {
    key: ['run', 'symbol', 'ts'],
    columns: {
      run: 'text',
      symbol: 'text',
      ts: 'bigint',
      price: 'text',
    },
  },
  equity: {
    key: ['run', 'book', 'ts'],
    columns: {
      run: 'text',
      book: 'text',
      ts: 'bigint',
      currency: 'text',
      equity: 'text',
      low: 'text?',
      high: 'text?',
      cash: 'text?',
      exposed: 'text?',
      drawdown: 'double precision?',
    },
  },
  commands: {
    key: ['run', 'sequence'],
    columns: {
      run: 'text',
      sequence: 'text',
      ts: 'bigint',
      name: 'text',
      args: 'text',
      actor: 'text',
      outcome: 'text',
      message: 'text',
    },
  },
  bars: {
    key: ['symbol', 'timeframe', 'ts'],
    columns: {
      symbol: 'text',
      timeframe: 'text',
      ts: 'bigint',
      end_ts: 'bigint',
      open: 'double precision',
      high: 'double precision',
      low: 'double precision',
      close: 'double precision',
      volume: 'double precision',
      n_ticks: 'double precision?',
      vwap: 'double precision?',
    },
  },
  ticks: {
    key: ['symbol', 'venue', 'ts', 'sequence'],
    columns: {
      symbol: 'text',
      venue: 'text',
      ts: 'bigint',
      sequence: 'text',
      recv_ts: 'bigint?',
      bid: 'double precision?',
      ask: 'double precision?',
      bid_size: 'double precision?',
      ask_size: 'double precision?',
      last: 'double precision?',
      size: 'double precision?',
    },
    indexes: {
      ix_ticks_ts: ['symbol', 'ts', 'sequence'],
    },
  },
  projection_offsets: {
    key: ['projection'],
    columns: {
      projection: 'text',
      offset: 'text',
    },
  },
};

/** Creates every table by TypeORM's table interface, which both databases understand. */
export class CreateStore1763856000000 implements MigrationInterface {
  readonly name = 'CreateStore1763856000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, shape] of Object.entries(SHAPES)) {
      await runner.createTable(new Table({ name, columns: columnsOf(shape) }));
      for (const [index, columnNames] of Object.entries(shape.indexes ?? {})) {
        await runner.createIndex(name, new TableIndex({ name: index, columnNames: [...columnNames] }));
      }
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(SHAPES)) await runner.dropTable(name);
  }
}

function columnsOf(shape: Shape): TableColumnOptions[] {
  return Object.entries(shape.columns).map(([name, type]) => ({
    name,
    type: type.replace('?', ''),
    isNullable: type.endsWith('?'),
    isPrimary: shape.key.includes(name),
  }));
}
