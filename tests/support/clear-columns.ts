import { sql } from 'kysely';
import type { TestDatabase } from './database.ts';

interface Column {
  table_name: string;
  column_name: string;
  data_type: string;
  said: string | null;
}

/** Whether a column holds ciphertext or a wrapped key: everything else can be read by whoever reads the database. */
function isSealed(column: Column): boolean {
  return column.data_type === 'bytea' && /sealed|wrapped/.test(column.column_name);
}

/** Every column that stands in clear, by table, with the words of its COMMENT, as a page of the documents. */
export async function clearColumnsPage(database: TestDatabase): Promise<string> {
  const { rows } = await sql<Column>`
    select c.relname as table_name, a.attname as column_name, format_type(a.atttypid, null) as data_type,
      col_description(c.oid, a.attnum) as said
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and n.nspname = 'public'
    order by c.relname, a.attnum`.execute(database.admin);
  const tables = new Map<string, Column[]>();
  for (const row of rows) tables.set(row.table_name, [...(tables.get(row.table_name) ?? []), row]);
  const lines = [
    '# Columns that stand in clear',
    '',
    'Read from the migrations by a test, which fails when this page and the tables differ. Who copies the database reads these',
    'columns; the columns named as sealed are ciphertext under keys that are not in the database. A hash of something guessable',
    'tells whoever holds the guess.',
  ];
  for (const [table, columns] of tables) {
    lines.push('', `## ${table}`, '');
    for (const column of columns.filter((one) => !isSealed(one)))
      lines.push(`- \`${column.column_name}\` (${column.data_type})${column.said ? `: ${column.said}` : ''}`);
    const sealed = columns.filter(isSealed).map((one) => `\`${one.column_name}\``);
    if (sealed.length > 0) lines.push('', `Sealed: ${sealed.join(', ')}.`);
  }
  return `${lines.join('\n')}\n`;
}
