import { tasks, type Definitions, type FieldDefinition, type Task } from '../schema/index.ts';

/** One question page: an id, its title key `requests.page.{id}` and its questions. */
export interface TaskPage {
  id: string;
  titleKey: string;
  /** Definitions the questions come from: `C9`, or a type, whose paths lead from `measures/{n}/fields`. */
  from: string[];
  /** Set on pages of a type: one page for each measure of it. */
  type?: string;
  fields: FieldDefinition[];
}

/** Asked of the central authority when it clears a request, never of the drafter. */
const askedElsewhere = (path: string) => path.startsWith('internal/risk/');

/** Pages of the writer, task by task, made from the definitions; types not asked for are left out. */
export function taskPages(definitions: Definitions, types: readonly string[]): { task: Task; pages: TaskPage[] }[] {
  return tasks.map((task) => {
    const pages: TaskPage[] = [];
    for (const core of definitions.core) {
      if (core.task !== task || core.fields.every((field) => askedElsewhere(field.path))) continue;
      const page = pages.find((one) => one.id === core.page);
      if (page) {
        page.from.push(core.id);
        page.fields.push(...core.fields);
      } else {
        pages.push({
          id: core.page,
          titleKey: `requests.page.${core.page}`,
          from: [core.id],
          fields: [...core.fields],
        });
      }
    }
    for (const type of definitions.types) {
      if (type.task !== task || !types.includes(type.id)) continue;
      pages.push({ id: type.id, titleKey: type.title, from: [type.id], type: type.id, fields: [...type.fields] });
    }
    return { task, pages };
  });
}

/** Message key of a choice's option. */
export function optionKey(field: FieldDefinition, option: string): string {
  return `${field.optionKey ?? ''}.${option.replaceAll('+', '-')}`;
}
