import { z } from 'zod';
import { page, redirect, type PageAnswer, type PageCall, type PageRoute } from '../../../../platform/http/routes.ts';
import { Invalid } from '../../../../platform/errors.ts';
import { isUnknown, problem, StateCode, type Problem } from '../../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Bdi,
  Button,
  Checkboxes,
  errorFor,
  ErrorSummary,
  Form,
  Heading,
  Page,
  Radios,
  Select,
  SideSection,
  TextInput,
  typedIn,
  type Content,
  type Typed,
  type View,
} from '../../../../web/index.ts';
import { answerChoice, profileOn, type Choice, type ProfileOn } from '../../../authorities/index.ts';
import { CaseFileId, type CaseFile } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { DraftRequest } from '../../schema/index.ts';
import type { RequestListItem } from '../../service/index.ts';
import { basisLines } from './basis.ts';
import { Basis } from './tasks.tsx';
import { loadDesks, stateOptions, type WriterParts } from './load.ts';
import { writeHref } from './places.ts';

interface StartProps {
  view: View;
  typed: Typed;
  problems: readonly Problem[];
  caseFiles: readonly CaseFile[];
  earlier: readonly RequestListItem[];
  states: readonly { value: string; label: string }[];
  types: readonly { id: string; title: string }[];
  to: StateCode | null;
  profile: ProfileOn | null;
  choice: Choice | null;
  basis: readonly string[];
}

/** `/requests/new`: which case file, which State, which help. */
function StartPage(props: StartProps) {
  const { view, typed, problems, caseFiles, earlier, types } = props;
  const { t } = view;
  const one = (name: string) => typed[name]?.[0];
  const openFiles = caseFiles.filter((file) => !file.erased);
  return (
    <Page
      view={view}
      title={t('writer.new-title')}
      error={problems.length > 0}
      current="desk"
      head={
        <>
          <ErrorSummary view={view} problems={problems} />
          <BackLink href="/desk">{t('writer.desk')}</BackLink>
          <Heading title={t('writer.new-title')} lede={t('writer.new-lede')} />
        </>
      }
      side={<StartSide {...props} />}
      sideLabel={props.to ? t('web.needs', { state: view.stateName(props.to) }) : t('writer.new-side')}
    >
      <Form view={view} action="/requests/new" class="question">
        <Select
          view={view}
          name="to"
          label={t('writer.new-to')}
          hint={t('writer.new-to-hint')}
          value={one('to')}
          empty={t('writer.choose-state')}
          options={props.states}
          error={errorFor(view, problems, 'to')}
        />
        <p class="after-field">
          <Button name="_show" value="needs" compact>
            {t('writer.show-needs')}
          </Button>
        </p>
        <Checkboxes
          view={view}
          name="types"
          label={t('writer.new-types')}
          values={typed.types ?? []}
          options={types.map((type) => ({
            value: type.id,
            label: t.code(type.title),
            ...(t.has(`writer.type-hint.${type.id}`) ? { hint: t.code(`writer.type-hint.${type.id}`) } : {}),
          }))}
          error={errorFor(view, problems, 'types')}
        />
        <Radios
          view={view}
          name="caseFile"
          label={t('writer.new-case-file')}
          hint={t('writer.new-case-file-hint')}
          value={one('caseFile') ?? (openFiles.length === 0 ? 'new' : undefined)}
          options={[
            ...openFiles.slice(0, 8).map((file) => ({
              value: file.id,
              label: <Bdi>{`${file.number} · ${file.title ?? ''}`}</Bdi>,
            })),
            { value: 'new', label: t('writer.new-open') },
          ]}
          error={errorFor(view, problems, 'caseFile')}
        />
        <div class="under-choice">
          <TextInput
            view={view}
            name="title"
            label={t('writer.new-file-title')}
            hint={t('writer.new-file-title-hint')}
            value={one('title')}
            error={errorFor(view, problems, 'title')}
          />
          <TextInput
            view={view}
            name="number"
            label={t('writer.new-file-number')}
            hint={t('writer.new-file-number-hint')}
            optional
            width={20}
            value={one('number')}
            error={errorFor(view, problems, 'number')}
          />
        </div>
        {earlier.length === 0 ? null : (
          <Radios
            view={view}
            name="from"
            label={t('writer.reuse')}
            hint={t('writer.reuse-hint')}
            value={one('from') ?? 'none'}
            options={[
              { value: 'none', label: t('writer.reuse-none') },
              ...earlier.map((item) => ({
                value: item.reference,
                label: <bdi dir="ltr">{item.reference}</bdi>,
                hint: earlierWords(view, item),
              })),
            ]}
          />
        )}
        <Actions>
          <Button kind="main">{t('writer.new-button')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

function earlierWords(view: View, item: RequestListItem): string {
  const kinds = item.types.map((type) =>
    view.t.has(`requests.type.${type}`) ? view.t.code(`requests.type.${type}`) : type,
  );
  const state = item.requestedState ? view.stateName(item.requestedState) : '';
  return [view.formats.list(kinds), state].filter(Boolean).join(' · ');
}

function StartSide({ view, to, profile, choice, basis }: StartProps): Content {
  const { t, formats } = view;
  if (!to) return <p class="muted">{t('writer.new-side-empty')}</p>;
  const state = view.stateName(to);
  const lines: { id: string; title: string; words: Content; source?: Content }[] = [];
  const source = (code: 'P01' | 'P02' | 'P03' | 'P05' | 'P09'): Content => {
    const item = profile?.items[code];
    if (!item || isUnknown(item)) return undefined;
    return (
      <>
        <Bdi>{[item.source, item.locator].filter(Boolean).join(', ')}</Bdi>
        {' · '}
        {t('writer.as-of', { day: formats.day(item.date ?? item.asOf) })}
      </>
    );
  };
  const unknownWords = t('writer.not-coded');
  const p01 = profile?.items.P01;
  lines.push({
    id: 'languages',
    title: t('writer.needs-languages'),
    words: p01 && !isUnknown(p01) ? formats.list(p01.value.request.map((tag) => formats.language(tag))) : unknownWords,
    source: source('P01'),
  });
  const p02 = profile?.items.P02;
  if (p02 && !isUnknown(p02)) {
    lines.push({
      id: 'translation',
      title: t('authorities.translation'),
      words: t(`authorities.translation.${p02.value.rule}`),
      source: source('P02'),
    });
  }
  const p03 = profile?.items.P03;
  lines.push({
    id: 'channels',
    title: t('writer.needs-channels'),
    words:
      p03 && !isUnknown(p03)
        ? formats.list(p03.value.allowed.map((channel) => t.code(`authorities.channel.${channel}`)))
        : unknownWords,
    source: source('P03'),
  });
  const p05 = profile?.items.P05;
  if (p05 && !isUnknown(p05)) {
    const { electronicSignature, originalsToFollow, withinDays } = p05.value;
    const words = [
      isUnknown(electronicSignature)
        ? null
        : t(electronicSignature ? 'writer.e-signature-yes' : 'writer.e-signature-no'),
      isUnknown(originalsToFollow) || !originalsToFollow
        ? null
        : isUnknown(withinDays)
          ? t('writer.originals')
          : t('writer.originals-within', { n: withinDays }),
    ].filter((one) => one !== null);
    if (words.length > 0)
      lines.push({
        id: 'formalities',
        title: t('writer.needs-formalities'),
        words: words.join(' '),
        source: source('P05'),
      });
  }
  const p09 = profile?.items.P09;
  if (p09 && !isUnknown(p09)) {
    lines.push({
      id: 'dual',
      title: t('writer.needs-dual'),
      words: t(`writer.dual.${p09.value.general}`),
      source: source('P09'),
    });
  }
  return (
    <>
      <SideSection title={t('writer.basis-today')}>
        <Basis view={view} lines={basis} />
        <p class="source">
          <a href={`/law/basis?from=${view.node.state}&to=${to}&measure=mla`}>{t('writer.see-basis')}</a>
        </p>
      </SideSection>
      <SideSection title={t('writer.receives')}>
        <p>
          {choice?.desk ? (
            <a href={`/authorities/${choice.desk.authority}`}>
              <Bdi>{choice.desk.name}</Bdi>
            </a>
          ) : (
            t('writer.no-desk')
          )}
        </p>
        {choice?.localTime ? (
          <p class="source">{t('writer.local-time', { time: choice.localTime.slice(11, 16) })}</p>
        ) : null}
      </SideSection>
      <SideSection title={t('web.needs', { state })}>
        <dl class="side-facts">
          {lines.map((line) => (
            <div>
              <dt>{line.title}</dt>
              <dd>
                {line.words}
                {line.source ? <span class="source"> {line.source}</span> : null}
              </dd>
            </div>
          ))}
        </dl>
        <p class="source">
          <a href={`/authorities/states/${to}`}>{t('writer.all-requirements', { state })}</a>
        </p>
      </SideSection>
    </>
  );
}

type Call = PageCall<Context, View>;

async function show(
  parts: WriterParts,
  { ctx, view }: Pick<Call, 'ctx' | 'view'>,
  typed: Typed,
  problems: readonly Problem[],
): Promise<PageAnswer> {
  const { caseFiles } = await parts.evidence.listCaseFiles(ctx, { limit: 20 });
  const chosen = typed.caseFile?.[0];
  // A file named in the address stands first, so that it is among the few offered.
  const ordered = [...caseFiles].sort((a, b) => Number(b.id === chosen) - Number(a.id === chosen));
  const { requests: earlier } = await parts.requests.list(ctx, { limit: 3 });
  const states = stateOptions(view, parts.treaties).filter((one) => one.value !== ctx.state);
  const read = StateCode.safeParse(typed.to?.[0]);
  const to = read.success && states.some((one) => one.value === read.data) ? read.data : null;
  const profile = to ? await ctx.transaction((tx) => profileOn(tx, to, ctx.today())) : null;
  const choice = to ? await chosenDesk(ctx, to) : null;
  return page(
    StartPage({
      view,
      typed,
      problems,
      caseFiles: ordered,
      earlier,
      states,
      types: parts.requests.definitions.types,
      to,
      profile: profile?.version === null ? null : profile,
      choice,
      basis: to ? basisLines(parts.treaties, ctx, view, to) : [],
    }),
    problems.length > 0 ? 422 : 200,
  );
}

async function chosenDesk(ctx: Context, to: StateCode): Promise<Choice> {
  return answerChoice(ctx, {
    state: to,
    territory: null,
    function: 'mla',
    instrument: null,
    on: ctx.today(),
    urgent: false,
    languages: [],
  });
}

const Title = z.string().trim().min(1).max(300);

/** What a new draft begins with beside its kinds: the desk, the languages, who writes. */
async function firstDraft(
  parts: WriterParts,
  call: Call,
  to: StateCode,
  from: string | undefined,
): Promise<DraftRequest> {
  const { ctx } = call;
  const earlier = from && from !== 'none' ? (await parts.requests.get(ctx, from)).request : undefined;
  const { desk } = await chosenDesk(ctx, to);
  const refs = (await loadDesks(ctx, call.view, [to]))[to] ?? [];
  const ref = refs.find((one) => one.ref.authority === desk?.authority)?.ref;
  const isSameState = earlier?.requested?.state === to;
  const author = ctx.actor.kind === 'person' ? ctx.actor.name : undefined;
  return {
    ...earlier,
    kind: 'request',
    version: 1,
    requested: { ...(isSameState ? earlier?.requested : {}), state: to, ...(ref ? { authority: ref } : {}) },
    requesting: earlier?.requesting ?? (author ? { contact: { name: author } } : {}),
    languages: { original: earlier?.languages?.original ?? ctx.locale },
  };
}

async function start(parts: WriterParts, call: Call): Promise<PageAnswer> {
  const { ctx, form } = call;
  const typed = typedIn(form);
  if (form.values._show) return show(parts, call, typed, []);
  const one = (name: string) => (typed[name]?.[0] ?? '').trim();
  const problems: Problem[] = [];
  const to = StateCode.safeParse(one('to'));
  if (!to.success || to.data === ctx.state) problems.push(problem('writer.no-state', ['to']));
  const known = parts.requests.definitions.types.map((type) => type.id);
  const types = (typed.types ?? []).filter((type) => known.includes(type));
  if (types.length === 0) problems.push(problem('writer.no-types', ['types']));
  const opensFile = one('caseFile') === 'new';
  const caseFile = CaseFileId.safeParse(one('caseFile'));
  if (!opensFile && !caseFile.success) problems.push(problem('writer.no-case-file', ['caseFile']));
  if (opensFile && !Title.safeParse(one('title')).success) problems.push(problem('evidence.no-title', ['title']));
  if (problems.length > 0 || !to.success) return show(parts, call, typed, problems);
  try {
    const id = caseFile.success
      ? caseFile.data
      : (
          await parts.evidence.openCaseFile(ctx, {
            title: one('title'),
            ...(one('number') ? { number: one('number') } : {}),
            handling: { tlp: 'AMBER', originator: ctx.state },
          })
        ).id;
    const opened = await parts.requests.open(ctx, {
      caseFileId: id,
      types,
      to: to.data,
      from: await firstDraft(parts, call, to.data, one('from')),
    });
    return redirect(`${writeHref(opened.reference)}?opened=1`);
  } catch (error) {
    if (error instanceof Invalid && error.problems.length > 0) return show(parts, call, typed, error.problems);
    throw error;
  }
}

/** Pages on which a request begins. */
export function startRoutes(parts: WriterParts): PageRoute<Context, View>[] {
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/requests/new',
      permission: 'evidence.open-case-file',
      handler: (call) => {
        const { to, caseFile, from } = call.query;
        const typed: Typed = {
          ...(to ? { to: [to] } : {}),
          ...(caseFile ? { caseFile: [caseFile] } : {}),
          ...(from ? { from: [from] } : {}),
          types: call.queries.types ?? [],
        };
        return show(parts, call, typed, []);
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: '/requests/new',
      permission: 'evidence.open-case-file',
      audit: 'requests.create',
      handler: (call) => start(parts, call),
    },
  ];
}
