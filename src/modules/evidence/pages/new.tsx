import type { PostedForm } from '../../../platform/http/routes.ts';
import {
  fail,
  ok,
  problem,
  type PlainDate,
  type Problem,
  type Result,
  type StateCode,
} from '../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Button,
  Checkboxes,
  DateInput,
  errorFor,
  ErrorSummary,
  Form,
  Heading,
  Page,
  Radios,
  readDate,
  TextInput,
  typedIn,
  type Typed,
  type View,
} from '../../../web/index.ts';
import { caseFileLimits, type NewCaseFile } from '../schema.ts';
import { tlpCodes } from './words.ts';

interface Props {
  view: View;
  people: readonly { id: string; name: string }[];
  /** Id of the reader, who is a member anyhow. */
  self: string;
  typed: Typed;
  problems: readonly Problem[];
}

/** Reads the form of a new case file; every problem at once. */
export function readNewCaseFile(
  form: PostedForm,
  state: StateCode,
  people: readonly { id: string }[],
): Result<NewCaseFile, Problem[]> {
  const typed = typedIn(form);
  const one = (name: string) => (typed[name]?.[0] ?? '').trim();
  const problems: Problem[] = [];
  const title = one('title');
  if (title === '') problems.push(problem('evidence.no-title', ['title']));
  if (title.length > caseFileLimits.title) problems.push(problem('evidence.title-too-long', ['title']));
  if (one('number').length > caseFileLimits.number) problems.push(problem('evidence.number-too-long', ['number']));
  const tlp = tlpCodes.find((code) => code === one('tlp'));
  if (!tlp) problems.push(problem('casefile.no-handling', ['tlp']));
  const day = readDate(one('retainUntil'));
  let retainUntil: PlainDate | undefined;
  if (day.kind === 'day') retainUntil = day.day;
  else if (day.kind !== 'empty')
    problems.push(problem('casefile.bad-day', ['retainUntil'], { params: { typed: one('retainUntil') } }));
  if (problems.length > 0 || !tlp) return fail(problems);
  return ok({
    title,
    ...(one('number') ? { number: one('number') } : {}),
    handling: { tlp, originator: state },
    members: (typed.members ?? []).filter((id) => people.some((person) => person.id === id)),
    ...(retainUntil ? { retainUntil } : {}),
  });
}

/** `/case-files/new`. */
export function NewCaseFilePage({ view, people, self, typed, problems }: Props) {
  const { t } = view;
  const one = (name: string) => typed[name]?.[0];
  const error = (name: string) => errorFor(view, problems, name);
  return (
    <Page view={view} title={t('casefile.new-title')} current="case-files" error={problems.length > 0}>
      <ErrorSummary view={view} problems={problems} />
      <BackLink href="/case-files">{t('casefile.list-title')}</BackLink>
      <Heading title={t('casefile.new-title')} />
      <Form view={view} action="/case-files/new">
        <TextInput
          view={view}
          name="title"
          label={t('casefile.title')}
          hint={t('casefile.title-hint')}
          value={one('title')}
          error={error('title')}
        />
        <TextInput
          view={view}
          name="number"
          label={t('casefile.number')}
          hint={t('casefile.number-hint')}
          optional
          width={20}
          value={one('number')}
          error={error('number')}
        />
        <Radios
          view={view}
          name="tlp"
          label={t('casefile.handling')}
          value={one('tlp') ?? 'AMBER'}
          options={tlpCodes.map((code) => ({
            value: code,
            label: t(`casefile.tlp-${code === 'AMBER+STRICT' ? 'AMBER-STRICT' : code}`),
          }))}
          error={error('tlp')}
        />
        <Checkboxes
          view={view}
          name="members"
          label={t('casefile.members')}
          hint={t('casefile.members-hint')}
          values={typed.members ?? []}
          options={people
            .filter((person) => person.id !== self)
            .map((person) => ({ value: person.id, label: <bdi>{person.name}</bdi> }))}
        />
        <DateInput
          view={view}
          name="retainUntil"
          label={t('casefile.retain')}
          optional
          value={one('retainUntil')}
          error={error('retainUntil')}
        />
        <Actions>
          <Button kind="main">{t('casefile.new-button')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
