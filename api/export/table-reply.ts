import { Readable } from 'node:stream';
import { z } from 'zod';
import { csvTable } from './csv-table.ts';
import { type Table, xlsx } from './xlsx.ts';

/** How a table is handed out. */
export const tableFormats = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

export type TableFormat = keyof typeof tableFormats;

/** The body of a reply that is written while it is read; the reply's headers state its `Content-Type`. */
export const streamed = z.instanceof(Readable).meta({ override: { type: 'string', format: 'binary' } });

/** A table as a file to download. */
export function tableReply(table: Table, format: TableFormat, name: string) {
  const parts = format === 'csv' ? csvTable(table) : xlsx(table);
  return {
    status: 200 as const,
    headers: {
      'Content-Type': format === 'csv' ? `${tableFormats.csv}; charset=utf-8` : tableFormats.xlsx,
      'Content-Disposition': `attachment; filename="${name}.${format}"`,
    },
    body: Readable.from(parts, { objectMode: false }),
  };
}
