import { z } from 'zod';
import { NotFound } from '../platform/errors.ts';
import { page, redirect, type PageRoute } from '../platform/http/routes.ts';
import type { MessageKey } from '../platform/i18n/index.ts';
import { stateCode, type StateCode } from '../platform/values/index.ts';
import { createDemoLink, type Context } from '../modules/identity/index.ts';
import { Bdi, Button, DataTable, Form, Heading, Notice, Section, type View } from '../web/index.ts';
import { Shell } from './pages.tsx';
import type { SamplePerson } from './sample-people.ts';

/** A node of the demo: the tour leads from one to the other. */
export interface TourNode {
  id: string;
  /** Address people open. */
  origin: string;
}

interface Step {
  node: string;
  /** Sign-in name of the sample person who acts. */
  person: string;
  what: MessageKey;
}

/** The main job from both sides of the border, in the order in which it happens. */
const steps: readonly Step[] = [
  { node: 'xa', person: 'amara', what: 'tour.write' },
  { node: 'xa', person: 'teo', what: 'tour.review' },
  { node: 'xa', person: 'noor', what: 'tour.clear' },
  { node: 'xa', person: 'deniz', what: 'tour.sign' },
  { node: 'xa', person: 'noor', what: 'tour.send' },
  { node: 'xb', person: 'ines', what: 'tour.register' },
  { node: 'xb', person: 'ines', what: 'tour.ask' },
  { node: 'xa', person: 'amara', what: 'tour.answer' },
  { node: 'xb', person: 'ines', what: 'tour.forward' },
  { node: 'xb', person: 'vera', what: 'tour.execute' },
  { node: 'xb', person: 'tomas', what: 'tour.check' },
  { node: 'xb', person: 'marco', what: 'tour.sign-answer' },
  { node: 'xa', person: 'noor', what: 'tour.confirm' },
  { node: 'xa', person: 'olu', what: 'tour.oversight' },
  { node: 'xb', person: 'ivo', what: 'tour.operate' },
];

export interface TourParts {
  /** This node's id. */
  node: string;
  nodes: readonly TourNode[];
  people: readonly SamplePerson[];
  /** Ids of the sample people on this node, by sign-in name. */
  ids(ctx: Context): Promise<ReadonlyMap<string, string>>;
}

function SignInAs({ view, person }: { view: View; person: SamplePerson }) {
  return (
    <Form view={view} action="/tour">
      <Button compact name="person" value={person.signInName}>
        {view.t('tour.sign-in-as', { name: person.name })}
      </Button>
    </Form>
  );
}

function nameOf(view: View, node: string): string {
  const states: Record<string, StateCode> = { xa: stateCode('XA'), xb: stateCode('XB') };
  const state = states[node];
  return state === undefined ? view.t('tour.secretariat') : view.stateName(state);
}

function TourPage({ view, parts }: { view: View; parts: TourParts }) {
  const { t } = view;
  const here = new Map(parts.people.map((person) => [person.signInName, person]));
  const origins = new Map(parts.nodes.map((one) => [one.id, one.origin]));
  const shown = steps.filter((step) => origins.has(step.node));
  return (
    <Shell view={view} title={t('tour.title')}>
      <Notice view={view} kind="info" title={t('tour.invented')}>
        {t('tour.invented-why')}
      </Notice>
      <Heading title={t('tour.title')} lede={t('tour.lede')} />
      <Section title={t('tour.steps')} id="steps">
        <DataTable
          view={view}
          caption={t('tour.steps')}
          captionHidden
          stack
          rowId={(step: Step) => `step-${shown.indexOf(step) + 1}`}
          columns={[
            {
              id: 'n',
              label: t('tour.column-step'),
              header: true,
              figures: true,
              cell: (step) => view.formats.number(shown.indexOf(step) + 1),
            },
            { id: 'where', label: t('tour.column-where'), cell: (step) => nameOf(view, step.node) },
            { id: 'what', label: t('tour.column-what'), cell: (step) => t(step.what) },
            {
              id: 'who',
              label: t('tour.column-who'),
              cell(step) {
                const person = step.node === parts.node ? here.get(step.person) : undefined;
                if (person) return <SignInAs view={view} person={person} />;
                const href = `${origins.get(step.node) ?? ''}/tour#step-${shown.indexOf(step) + 1}`;
                return <a href={href}>{t('tour.go-to', { name: nameOf(view, step.node) })}</a>;
              },
            },
          ]}
          rows={shown}
        />
      </Section>
      <Section title={t('tour.people', { name: nameOf(view, parts.node) })} id="people">
        <DataTable
          view={view}
          caption={t('tour.people', { name: nameOf(view, parts.node) })}
          captionHidden
          stack
          columns={[
            {
              id: 'name',
              label: t('tour.column-name'),
              header: true,
              cell: (person: SamplePerson) => <Bdi>{person.name}</Bdi>,
            },
            {
              id: 'roles',
              label: t('tour.column-roles'),
              cell: (person) => view.formats.list(person.roles.map((role) => t(`identity.role-${role}`))),
            },
            { id: 'as', label: t('tour.column-who'), cell: (person) => <SignInAs view={view} person={person} /> },
          ]}
          rows={parts.people}
        />
      </Section>
      <Section title={t('tour.nodes')} id="nodes">
        <ul>
          {parts.nodes.map((one) => (
            <li>
              <a href={`${one.origin}/tour`}>{nameOf(view, one.id)}</a>
              {one.id === parts.node ? ` · ${t('tour.you-are-here')}` : null}
            </li>
          ))}
        </ul>
      </Section>
    </Shell>
  );
}

/**
 * The guided tour of the demo: who acts next, at which node, and a button that signs in as that person.
 * Nodes of other profiles are built without it.
 */
export function tourPages(parts: TourParts): PageRoute<Context, View>[] {
  const names = parts.people.map((person) => person.signInName);
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/tour',
      permission: 'treaties.read',
      handler: async ({ view }) => page(<TourPage view={view} parts={parts} />),
    },
    {
      kind: 'page',
      method: 'post',
      path: '/tour',
      permission: 'identity.sign-in',
      audit: 'identity.sign-in',
      async handler({ ctx, form }) {
        const wanted = z.enum(names).safeParse(form.values.person?.[0]);
        const id = wanted.success ? (await parts.ids(ctx)).get(wanted.data) : undefined;
        if (id === undefined) throw new NotFound('identity.not-found');
        return redirect(await ctx.transaction((tx) => createDemoLink(tx, ctx, id)));
      },
    },
  ];
}
