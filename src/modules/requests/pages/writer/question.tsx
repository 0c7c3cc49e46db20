import { isUnknown, type Problem } from '../../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Bdi,
  Button,
  ErrorSummary,
  Form,
  Heading,
  Notice,
  Radios,
  Saved,
  type Typed,
} from '../../../../web/index.ts';
import type { Definitions } from '../../schema/index.ts';
import { Questions } from './controls.tsx';
import type { Loaded } from './load.ts';
import { problemsOf, writeHref } from './places.ts';
import { itemName, Printed } from './printed.tsx';
import {
  isFixedList,
  itemsOf,
  listOfPage,
  measuresOfType,
  nextKey,
  valueAt,
  type ListPlace,
  type QuestionSet,
} from './questions.ts';
import type { Clash } from './save.ts';
import { needsOf, NeedsSide, WriterPage } from './shell.tsx';
import { typedOf } from './typed.ts';

export interface PagePlace {
  loaded: Loaded;
  definitions: Definitions;
  /** Number of the page in its task, from 0, and how many there are. */
  place: number;
  pages: number;
}

export function pageTitle(loaded: Loaded, set: Pick<QuestionSet, 'page'>): string {
  return loaded.env.view.t.code(set.page.titleKey);
}

function eyebrow({ loaded, place, pages }: PagePlace, task: string): string {
  const number = loaded.check.completeness.tasks.findIndex((one) => one.task === task) + 1;
  return loaded.env.view.t('writer.step', { task: number, tasks: 8, n: place + 1, of: pages });
}

/** Address of the page that an object's page belongs to: its list, or the object that holds it. */
export function parentAt(set: QuestionSet): string | null {
  if (set.at === null || !set.list) return null;
  const segments = set.at.split('.').slice(0, -(set.list.path.split('/').length + 1));
  return segments.length === 0 ? null : segments.join('.');
}

export function setHref(loaded: Loaded, set: Pick<QuestionSet, 'task' | 'page'>, at: string | null): string {
  return writeHref(loaded.request.reference, set.task, set.page.id, ...(at === null ? [] : [at]));
}

function itemTitle(loaded: Loaded, set: QuestionSet): string {
  const { t } = loaded.env.view;
  if (!set.list) return pageTitle(loaded, set);
  const list = set.list.only === 'legal' ? 'companies' : set.list.path.replaceAll('/', '-');
  const key = `writer.item.${list}`;
  return t.has(key) ? t.code(key, { n: Number(set.base.at(-1)) + 1 }) : pageTitle(loaded, set);
}

interface QuestionPageProps extends PagePlace {
  set: QuestionSet;
  /** What was typed, when it could not be saved. */
  typed?: Typed;
  problems: readonly Problem[];
  /** Repeated field that one more empty row is wanted for. */
  more?: string;
  savedTime?: string;
}

/** One question set. */
export function QuestionPage(props: QuestionPageProps) {
  const { loaded, set, problems, definitions, more } = props;
  const { env, request } = loaded;
  const { view } = env;
  const { t } = view;
  const typed = props.typed ?? typedOf(env, set.fields, valueAt(env.draft, set.base));
  const missing = problemsOf(loaded, set.page, set.at);
  const title = itemTitle(loaded, set);
  const href = setHref(loaded, set, set.at);
  return (
    <WriterPage
      loaded={loaded}
      task={set.task}
      title={title}
      error={problems.length > 0}
      needs={<NeedsSide loaded={loaded} items={needsOf(loaded, set.page, missing, definitions, set)} />}
    >
      <ErrorSummary view={view} problems={problems} />
      <BackLink href={set.list ? setHref(loaded, set, parentAt(set)) : writeHref(request.reference, set.task)}>
        {set.list ? pageTitle(loaded, set) : t(`requests.task.${set.task}`)}
      </BackLink>
      <Heading
        title={title}
        eyebrow={
          <>
            {eyebrow(props, set.task)} <Saved view={view} time={props.savedTime} />
          </>
        }
        lede={ledeOf(loaded, set)}
      />
      <Form view={view} action={href} autosave={href} class="question">
        {/* Enter in a field continues; without it the first button of a list would be pressed. */}
        <button class="vh" type="submit" name="_then" value="continue" tabindex={-1} aria-hidden="true">
          {t('web.continue')}
        </button>
        <input type="hidden" name="_seen" value={String(request.revision)} />
        {set.isNew ? <input type="hidden" name="_new" value="1" /> : null}
        <Questions env={env} set={set} typed={typed} problems={problems} spare={more ? { [more]: 1 } : {}} />
        <Actions>
          <Button kind="main" name="_then" value="continue" shortcut="Ctrl Enter">
            {t('web.continue')}
          </Button>
          <Button name="_then" value="return">
            {t('web.save-and-return')}
          </Button>
        </Actions>
      </Form>
    </WriterPage>
  );
}

function ledeOf(loaded: Loaded, set: QuestionSet): string | undefined {
  const { t } = loaded.env.view;
  const key = set.list ? `writer.lede.${set.page.id}-item` : `writer.lede.${set.page.id}`;
  return t.has(key) ? t.code(key) : undefined;
}

interface ListPageProps extends PagePlace {
  set: QuestionSet;
  nextHref: string;
  removed?: { at: string; revision: number };
}

/** Entries of a list, each with a page of its own. */
export function ListPage(props: ListPageProps) {
  const { loaded, set, definitions, removed } = props;
  const { env, request } = loaded;
  const { view } = env;
  const { t } = view;
  const field = listOfPage(set.page);
  const href = setHref(loaded, set, null);
  const place: ListPlace | null = field && { field, path: field.path.split('/'), at: field.path.replaceAll('/', '.') };
  const rows = place ? itemsOf(env.draft, place).map((one) => ({ ...one, at: `${place.at}.${one.key}` })) : [];
  const missing = [
    ...problemsOf(loaded, set.page, null),
    ...rows.flatMap((row) => problemsOf(loaded, set.page, row.at)),
  ];
  const isFixed = isFixedList(set.page);
  return (
    <WriterPage
      loaded={loaded}
      task={set.task}
      title={pageTitle(loaded, set)}
      needs={<NeedsSide loaded={loaded} items={needsOf(loaded, set.page, missing, definitions)} />}
    >
      {removed ? (
        <Notice
          view={view}
          kind="success"
          title={t('writer.removed')}
          actions={
            <ActButton
              view={view}
              action={href}
              values={{ _restore: removed.at, _from: String(removed.revision) }}
              compact
            >
              {t('web.undo')}
            </ActButton>
          }
        />
      ) : null}
      <BackLink href={writeHref(request.reference, set.task)}>{t(`requests.task.${set.task}`)}</BackLink>
      <Heading title={pageTitle(loaded, set)} eyebrow={eyebrow(props, set.task)} lede={ledeOf(loaded, set)} />
      {rows.length === 0 ? <p class="muted none-yet">{t('writer.none-yet')}</p> : null}
      <ol class="entries">
        {rows.map((row, n) => {
          const open = problemsOf(loaded, set.page, row.at).filter((one) => one.severity === 'block').length;
          const name = itemName(env, field?.path ?? '', row.item);
          return (
            <li>
              <span class="entry-n">{n + 1}</span>
              <div class="entry-words">
                <p>
                  <a href={setHref(loaded, set, row.at)}>
                    <Bdi>{name}</Bdi>
                  </a>
                </p>
                <p class="hint">
                  <EntryHint loaded={loaded} set={set} item={row.item} />
                </p>
                {open > 0 ? <p class="entry-open">{t('writer.entry-missing', { n: open })}</p> : null}
              </div>
              <div class="entry-acts">
                <a href={setHref(loaded, set, row.at)}>
                  {t('web.change')}
                  <span class="vh"> {name}</span>
                </a>
                {isFixed ? null : (
                  <ActButton view={view} action={href} values={{ _remove: row.at }} kind="link">
                    {t('writer.remove')}
                    <span class="vh"> {name}</span>
                  </ActButton>
                )}
              </div>
            </li>
          );
        })}
      </ol>
      <Actions>
        {isFixed || !place ? null : (
          <Button
            href={setHref(loaded, set, `${place.at}.${nextKey(env.draft, place)}`)}
            icon="plus"
            kind={rows.length === 0 ? 'main' : 'plain'}
          >
            {t.has(`writer.add.${set.page.id}`) ? t.code(`writer.add.${set.page.id}`) : t('writer.add')}
          </Button>
        )}
        <Button kind={rows.length === 0 && !isFixed ? 'plain' : 'main'} href={props.nextHref}>
          {t('web.continue')}
        </Button>
        <Button kind="link" href={writeHref(request.reference)}>
          {t('web.all-tasks')}
        </Button>
      </Actions>
    </WriterPage>
  );
}

// The first two short answers of an entry, so that it is known again in a list.
function EntryHint({ loaded, set, item }: { loaded: Loaded; set: QuestionSet; item: unknown }) {
  const fields = listOfPage(set.page)?.item ?? [];
  const shown = fields
    .filter((field) => ['when', 'choice', 'state', 'date', 'months'].includes(field.kind))
    .map((field) => ({ field, value: valueAt(item, field.path.split('/')) }))
    .filter(({ value }) => value !== undefined && value !== null && !isUnknown(value))
    .slice(0, 3);
  return (
    <>
      {shown.map(({ field, value }, n) => (
        <>
          {n > 0 ? ' · ' : null}
          <Printed env={loaded.env} field={field} value={value} />
        </>
      ))}
    </>
  );
}

/** A kind of help that is asked for in several measures, or in none yet. */
export function MeasuresPage({ loaded, set, nextHref, ...rest }: ListPageProps) {
  const { env, request } = loaded;
  const { view } = env;
  const { t } = view;
  const measures = measuresOfType(env.draft, set.page.type ?? '');
  return (
    <WriterPage
      loaded={loaded}
      task={set.task}
      title={pageTitle(loaded, set)}
      needs={
        <NeedsSide
          loaded={loaded}
          items={needsOf(loaded, set.page, problemsOf(loaded, set.page, null), rest.definitions)}
        />
      }
    >
      <BackLink href={writeHref(request.reference, set.task)}>{t(`requests.task.${set.task}`)}</BackLink>
      <Heading title={pageTitle(loaded, set)} eyebrow={eyebrow({ loaded, ...rest }, set.task)} />
      {measures.length === 0 ? <p>{t('writer.no-measure')}</p> : null}
      <ol class="entries">
        {measures.map(({ index, key }) => (
          <li>
            <span class="entry-n">{index + 1}</span>
            <div class="entry-words">
              <a href={setHref(loaded, set, `measures.${key}.fields`)}>
                <Bdi>{itemName(env, 'measures', env.draft.measures?.[index])}</Bdi>
              </a>
            </div>
          </li>
        ))}
      </ol>
      <Actions>
        {measures.length === 0 ? (
          <Button kind="main" href={writeHref(request.reference, 'need', 'measures')}>
            {t('requests.page.measures')}
          </Button>
        ) : null}
        <Button kind={measures.length === 0 ? 'plain' : 'main'} href={nextHref}>
          {t('web.continue')}
        </Button>
      </Actions>
    </WriterPage>
  );
}

interface ClashPageProps extends PagePlace {
  set: QuestionSet;
  clashes: readonly Clash[];
  typed: Typed;
  by: string;
  at: string;
  revision: number;
}

/** Two people answered the same questions: both texts, and a choice for each. Nothing is lost. */
export function ClashPage({ loaded, set, clashes, typed, by, at, revision, definitions }: ClashPageProps) {
  const { env } = loaded;
  const { view } = env;
  const { t } = view;
  return (
    <WriterPage
      loaded={loaded}
      task={set.task}
      title={t('writer.clash-title')}
      error
      needs={<NeedsSide loaded={loaded} items={needsOf(loaded, set.page, [], definitions)} />}
    >
      <Heading
        title={t('writer.clash-title')}
        eyebrow={pageTitle(loaded, set)}
        lede={t('writer.clash-lede', { by, time: at })}
      />
      <Form view={view} action={setHref(loaded, set, set.at)}>
        <input type="hidden" name="_seen" value={String(revision)} />
        <input type="hidden" name="_base" value="kept" />
        {Object.entries(typed).flatMap(([name, values]) =>
          values.map((value) => <input type="hidden" name={name} value={value} />),
        )}
        {clashes.map((clash) => (
          <Radios
            view={view}
            name={`_take.${clash.path.join('.')}`}
            label={t.code(clash.field.label)}
            value="yours"
            options={[
              {
                value: 'yours',
                label: t('writer.clash-yours'),
                hint: <Printed env={env} field={clash.field} value={clash.yours} />,
              },
              {
                value: 'theirs',
                label: t('writer.clash-theirs', { by }),
                hint: <Printed env={env} field={clash.field} value={clash.theirs} />,
              },
            ]}
          />
        ))}
        <Actions>
          <Button kind="main" name="_then" value="continue">
            {t('writer.clash-keep')}
          </Button>
        </Actions>
      </Form>
    </WriterPage>
  );
}
