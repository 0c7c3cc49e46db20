import type { Fact } from './checker.ts';

/** One row written, or removed. */
export type Change<Rows> = { [T in keyof Rows]: { table: T; key: string; row: Rows[T] | undefined } }[keyof Rows];

/** A store that keeps what was flushed, and at a crash forgets what was only committed. */
export interface Disk<Rows> {
  /** As the running process reads it: committed, flushed or not. */
  read<T extends keyof Rows>(table: T, key: string): Rows[T] | undefined;
  all<T extends keyof Rows>(table: T): Rows[T][];
  /** All of it or nothing. Facts become history once flushed. */
  commit(changes: readonly Change<Rows>[], facts?: readonly Fact[]): void;
  flush(): Fact[];
  crash(): void;
}

export function emptyDisk<Rows>(): Disk<Rows> {
  const tables = new Map<keyof Rows, Map<string, unknown>>();
  let undo: (() => void)[] = [];
  let waiting: Fact[] = [];
  const tableOf = (name: keyof Rows) => {
    const table = tables.get(name) ?? new Map<string, unknown>();
    tables.set(name, table);
    return table;
  };
  return {
    read: <T extends keyof Rows>(table: T, key: string) => tableOf(table).get(key) as Rows[T] | undefined,
    all: <T extends keyof Rows>(table: T) => [...tableOf(table).values()] as Rows[T][],
    commit(changes, facts = []) {
      for (const { table, key, row } of changes) {
        const map = tableOf(table);
        const before = map.get(key);
        undo.push(() => (before === undefined ? map.delete(key) : map.set(key, before)));
        if (row === undefined) map.delete(key);
        else map.set(key, row);
      }
      waiting.push(...facts);
    },
    flush() {
      const durable = waiting;
      undo = [];
      waiting = [];
      return durable;
    },
    crash() {
      for (const back of undo.reverse()) back();
      undo = [];
      waiting = [];
    },
  };
}
