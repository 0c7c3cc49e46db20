import type { Problem } from '../../../platform/values/index.ts';
import { partsOf, taskOf, tasks, type DraftRequest, type Task } from '../schema/index.ts';
import { isPresent } from './paths.ts';

export const taskStatuses = ['not-started', 'in-progress', 'completed', 'cannot-start'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export interface TaskState {
  task: Task;
  status: TaskStatus;
  /** What blocks, first things first. */
  missing: Problem[];
  warnings: number;
}

export interface Completeness {
  done: number;
  all: number;
  tasks: TaskState[];
  /** Blocking problems of all tasks: shown in words beside "7 of 8". */
  missing: Problem[];
}

/**
 * How far a draft has come: each of the eight tasks with its status. A task is completed when something was given and
 * nothing blocks it; the last one opens when the others are completed.
 */
export function completenessOf(draft: DraftRequest, problems: readonly Problem[]): Completeness {
  const states = tasks.map((task): TaskState => {
    const own = problems.filter((one) => taskOf(one.path) === task);
    const missing = own.filter((one) => one.severity === 'block');
    const started = partsOf(task).some((part) => isPresent(draft[part], true));
    const status = !started ? 'not-started' : missing.length > 0 ? 'in-progress' : 'completed';
    return { task, status, missing, warnings: own.filter((one) => one.severity === 'warn').length };
  });
  const others = states.slice(0, -1);
  const last = states.at(-1);
  if (last && others.some((one) => one.status !== 'completed')) last.status = 'cannot-start';
  return {
    done: states.filter((one) => one.status === 'completed').length,
    all: states.length,
    tasks: states,
    missing: states.flatMap((one) => one.missing),
  };
}
