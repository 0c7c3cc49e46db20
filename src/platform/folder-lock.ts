import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Linux: start time in clock ticks since boot, so that a re-used pid is not taken for the old process. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function identity(pid: number): string {
  return `${pid} ${startOf(pid)}`;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function holds(text: string): number | undefined {
  const pid = Number(text.split(' ')[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  return text === identity(pid) ? pid : undefined;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Pid of the live process that holds the file, if any. */
export function holderOf(file: string): number | undefined {
  return holds(read(file) ?? '');
}

/**
 * Takes the lock for this process; answers the pid of the live holder when another has it.
 * A lock whose process died is taken over. PostgreSQL's own `postmaster.pid` stands behind this one.
 */
export function takeLock(file: string): { taken: true; release(): void } | { taken: false; pid: number } {
  mkdirSync(dirname(file), { recursive: true });
  const mine = identity(process.pid);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    for (;;) {
      try {
        // A link appears whole or not at all: no reader ever sees an empty lock.
        linkSync(draft, file);
        return { taken: true, release: () => read(file) === mine && rmSync(file, { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const text = read(file);
      if (text === undefined) continue;
      const pid = holds(text);
      if (pid !== undefined) return { taken: false, pid };
      const aside = `${draft}.stale`;
      try {
        renameSync(file, aside);
      } catch {
        continue;
      }
      const moved = read(aside) ?? '';
      const other = holds(moved);
      if (other !== undefined) {
        // Someone took it between our look and our move: give it back.
        try {
          linkSync(aside, file);
        } catch {
          // A third process holds it now; PostgreSQL decides between the two.
        }
        rmSync(aside, { force: true });
        return { taken: false, pid: other };
      }
      rmSync(aside, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}
