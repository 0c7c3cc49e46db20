import type { Content } from './text.tsx';
import { Hidden, classes } from './text.tsx';
import { Mark, type MarkName } from './icon.tsx';
import { StatusMark, type Tone } from './status.tsx';
import type { View } from '../view.ts';

export type TaskStatus = 'completed' | 'in-progress' | 'not-started' | 'blocked' | 'problem';

const looks: Record<TaskStatus, { mark: MarkName; tone: Tone }> = {
  completed: { mark: 'tick', tone: 'plain' },
  'in-progress': { mark: 'half', tone: 'accent' },
  'not-started': { mark: 'open', tone: 'accent' },
  blocked: { mark: 'blocked', tone: 'muted' },
  problem: { mark: 'alert', tone: 'seal' },
};

export interface Task {
  id: string;
  title: Content;
  /** Left out for tasks that cannot start yet. */
  href?: string;
  /** What is in it, or what is missing. */
  hint?: Content;
  status: TaskStatus;
}

export interface TaskGroup {
  title: Content;
  tasks: readonly Task[];
}

/** Groups named with verbs; numbers run through all groups; only what is to do is coloured. */
export function TaskList({ view, groups }: { view: View; groups: readonly TaskGroup[] }) {
  let number = 0;
  return (
    <>
      {groups.map((group) => (
        <section class="taskgroup">
          <h2>{group.title}</h2>
          <ol class="tasks">
            {group.tasks.map((task) => {
              number += 1;
              const id = `task-${task.id}`;
              const look = looks[task.status];
              return (
                <li class={task.href ? undefined : 'blocked'}>
                  <span class="no">{number}</span>
                  <span class="tk">
                    {task.href ? (
                      <a href={task.href} aria-describedby={`${id}-status`}>
                        {task.title}
                      </a>
                    ) : (
                      <span>{task.title}</span>
                    )}
                    {task.hint ? <span class="hint">{task.hint}</span> : null}
                  </span>
                  <span class="task-status" id={`${id}-status`}>
                    <StatusMark mark={look.mark} tone={look.tone}>
                      {view.t(`web.task-${task.status}`)}
                    </StatusMark>
                  </span>
                </li>
              );
            })}
          </ol>
        </section>
      ))}
    </>
  );
}

const stepMarks: Record<TaskStatus, MarkName> = {
  completed: 'done',
  'in-progress': 'half',
  'not-started': 'open',
  blocked: 'blocked',
  problem: 'alert',
};

export interface WriterStepsProps {
  view: View;
  /** "Request to Borea". */
  title: Content;
  reference?: Content;
  tasks: readonly Task[];
  current: string;
  /** Address of the task list. */
  allHref: string;
}

/** The tasks again, at the side of each question. */
export function WriterSteps({ view, title, reference, tasks, current, allHref }: WriterStepsProps) {
  return (
    <>
      <p class="label">{title}</p>
      {reference ? <p class="small">{reference}</p> : null}
      <ol>
        {tasks.map((task) => (
          <li class={classes(task.id === current && 'now', !task.href && 'blocked')}>
            <Mark name={stepMarks[task.status]} />
            {task.href ? (
              <a href={task.href} aria-current={task.id === current ? 'step' : undefined}>
                {task.title}
              </a>
            ) : (
              <span>{task.title}</span>
            )}
            <Hidden>
              {view.t('web.comma')}
              {view.t(`web.task-${task.status}`)}
            </Hidden>
          </li>
        ))}
      </ol>
      <p class="small">
        <a href={allHref}>{view.t('web.all-tasks')}</a>
      </p>
    </>
  );
}

export interface Need {
  /** `ok` met, `must` missing and refused without, `should` missing, `ask` what they usually ask. */
  kind: 'ok' | 'must' | 'should' | 'ask';
  words: Content;
  source?: Content;
}

const needMarks: Record<Need['kind'], MarkName> = { ok: 'tick', must: 'alert', should: 'half', ask: 'unknown' };

/** What the other State needs here: each with its source, met ones ticked. */
export function Needs({
  view,
  state,
  items,
  example,
}: {
  view: View;
  /** Name of the other State. */
  state: string;
  items: readonly Need[];
  /** An example, marked as such. */
  example?: Content;
}) {
  return (
    <>
      <h2>{view.t('web.needs', { state })}</h2>
      {items.length === 0 ? <p>{view.t('web.needs-none', { state })}</p> : null}
      <ul>
        {items.map((need) => (
          <li class={`need ${need.kind}`}>
            <Mark name={needMarks[need.kind]} />
            <div>
              <p>
                <Hidden>{view.t(`web.need-${need.kind}`)} </Hidden>
                {need.words}
              </p>
              {need.source ? <p class="source">{need.source}</p> : null}
            </div>
          </li>
        ))}
      </ul>
      {example ? (
        <div class="example">
          <p class="label">{view.t('web.example')}</p>
          <blockquote>{example}</blockquote>
        </div>
      ) : null}
    </>
  );
}
