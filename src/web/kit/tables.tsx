import type { Content } from './text.tsx';
import { Hidden, classes } from './text.tsx';
import { Icon } from './icon.tsx';
import type { View } from '../view.ts';

export interface Column<Row> {
  id: string;
  label: Content;
  cell: (row: Row) => Content;
  /** The cell that names the row: becomes its header. */
  header?: boolean;
  /** Figures stand at the end of the cell. */
  figures?: boolean;
  /** Address that sorts by this column. */
  sortHref?: string;
  sorted?: 'ascending' | 'descending';
  /** Keeps the cell on one line. */
  nowrap?: boolean;
  /** Hides the label of the column for the eye, not for screen readers. */
  quiet?: boolean;
}

export interface DataTableProps<Row> {
  view: View;
  /** What the table shows; hidden for the eye when the heading above says the same. */
  caption: Content;
  captionHidden?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId?: (row: Row) => string;
  dense?: boolean;
  /** Rows become blocks on narrow screens, each cell with its column's label. For short tables read one row at a time. */
  stack?: boolean;
  /** Shown instead of an empty body. */
  empty?: Content;
  /** Source and date under the table. */
  source?: Content;
}

/** A table of facts: caption, row headers, sorting by link; scrolls inside its own box when it must. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows } = props;
  const first = columns.find((column) => column.header)?.id ?? columns[0]?.id;
  return (
    <div class="table-box">
      <div class="scroll-x" tabindex={0} role="group" aria-label={textOf(props.caption)}>
        <table class={classes('table', props.dense && 'table--dense', props.stack && 'table--stack')}>
          <caption class={props.captionHidden ? 'vh' : undefined}>{props.caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th scope="col" class={column.figures ? 'r' : undefined} aria-sort={column.sorted}>
                  <ColumnHead view={props.view} column={column} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.length === 0 && props.empty ? (
              <tr>
                <td colspan={columns.length} class="muted">
                  {props.empty}
                </td>
              </tr>
            ) : null}
            {rows.map((row) => (
              <tr id={props.rowId?.(row)}>
                {columns.map((column) => {
                  const look = classes(column.figures && 'r', column.nowrap && 'nowrap') || undefined;
                  const key = typeof column.label === 'string' ? column.label : undefined;
                  return column.id === first ? (
                    <th scope="row" class={look}>
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td class={look} data-k={props.stack ? key : undefined}>
                      {column.cell(row)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {props.source ? <p class="source">{props.source}</p> : null}
    </div>
  );
}

function textOf(content: Content | undefined): string | undefined {
  return typeof content === 'string' ? content : undefined;
}

function ColumnHead<Row>({ view, column }: { view: View; column: Column<Row> }) {
  if (column.quiet) return <Hidden>{column.label}</Hidden>;
  if (!column.sortHref) return <>{column.label}</>;
  return (
    <a class="sort" href={column.sortHref}>
      {column.label}
      <span class={classes('sort-mark', column.sorted)} aria-hidden="true" />
      <Hidden> {view.t('web.sort')}</Hidden>
    </a>
  );
}

export interface DeskRow {
  id: string;
  href: string;
  /** Cells by column id. The column `what` becomes the link of the row. */
  cells: Readonly<Record<string, Content>>;
  /** Somebody must act. */
  unread?: boolean;
  selected?: boolean;
  /** Name of the row for its tick box. */
  name: string;
}

export interface DeskGroup {
  title: Content;
  end?: Content;
  rows: readonly DeskRow[];
}

export interface DeskGridProps {
  view: View;
  label: string;
  /** `kind` fixes the width; `what` takes the rest. */
  columns: readonly {
    id: string;
    label: Content;
    kind: 'ref' | 'what' | 'state' | 'status' | 'due' | 'owner' | 'met' | 'last';
  }[];
  groups: readonly DeskGroup[];
  /** Name of the tick boxes, for bulk acts by form; none when left out. */
  pick?: string;
}

/** Dense daily work: one line a row, grouped by due day, keys for everything (comity-keys island), links without it. */
export function DeskGrid({ view, label, columns, groups, pick }: DeskGridProps) {
  const span = columns.length + (pick ? 1 : 0);
  return (
    <comity-keys class="desk-scroll" data-list>
      <table class="grid" aria-label={label}>
        <thead>
          <tr>
            {pick ? (
              <th class="c-pick" scope="col">
                <Hidden>{view.t('web.select')}</Hidden>
              </th>
            ) : null}
            {columns.map((column) => (
              <th class={`c-${column.kind}`} scope="col">
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody>
            <tr class="group">
              <th colspan={span} scope="rowgroup">
                <span class="group-line">
                  <span>{group.title}</span>
                  {group.end ? <span class="r">{group.end}</span> : null}
                </span>
              </th>
            </tr>
            {group.rows.map((row) => (
              <tr
                class={classes('item', row.unread && 'unread', row.selected && 'selected')}
                id={`row-${row.id}`}
                data-row
              >
                {pick ? (
                  <td class="c-pick">
                    <input
                      type="checkbox"
                      name={pick}
                      value={row.id}
                      aria-label={view.t('web.select-row', { name: row.name })}
                    />
                  </td>
                ) : null}
                {columns.map((column) =>
                  column.kind === 'what' ? (
                    <th class="c-what" scope="row">
                      <a
                        class="what"
                        href={row.href}
                        title={textOf(row.cells[column.id])}
                        aria-current={row.selected ? 'true' : undefined}
                        data-open
                      >
                        {row.cells[column.id]}
                      </a>
                    </th>
                  ) : (
                    <td class={`c-${column.kind}`}>{row.cells[column.id]}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </comity-keys>
  );
}

/** Due time with a bar of how much of the time has gone; 0 to 100. */
export function Due({ words, gone }: { words: Content; gone?: number }) {
  const part = gone === undefined ? undefined : Math.max(0, Math.min(100, Math.round(gone)));
  const tone = part === undefined ? '' : part >= 100 ? 'seal' : part >= 80 ? 'warning' : '';
  return (
    <span class="due">
      <span class={tone ? `status--${tone}` : undefined}>{words}</span>
      {part === undefined ? null : (
        <svg
          class={classes('age', tone && `age--${tone}`)}
          viewBox="0 0 100 3"
          preserveAspectRatio="none"
          aria-hidden="true"
          focusable="false"
        >
          <rect class="age-t" width="100" height="3" />
          <rect class="age-f" width={part} height="3" />
        </svg>
      )}
    </span>
  );
}

/** Pages of a list: words and links, nothing that moves. */
export function Pagination({
  view,
  page,
  pages,
  hrefOf,
}: {
  view: View;
  page: number;
  pages: number;
  hrefOf: (page: number) => string;
}) {
  if (pages <= 1) return null;
  return (
    <nav class="pagination" aria-label={view.t('web.pages')}>
      {page > 1 ? (
        <a href={hrefOf(page - 1)} rel="prev">
          <Icon name="back" size={16} />
          {view.t('web.previous')}
        </a>
      ) : null}
      <span class="muted">{view.t('web.page-of', { page, pages })}</span>
      {page < pages ? (
        <a href={hrefOf(page + 1)} rel="next">
          {view.t('web.next')}
          <Icon name="forward" size={16} />
        </a>
      ) : null}
    </nav>
  );
}
