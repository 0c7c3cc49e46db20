import { z } from 'zod';
import { NotFound } from '../platform/errors.ts';
import { page, redirect, type PageRoute } from '../platform/http/routes.ts';
import type { MessageKey } from '../platform/i18n/index.ts';
import { stateCode, type StateCode } from '../platform/values/index.ts';
import { createDemoLink, enterByDemoLink, type Context, type IdentityNode } from '../modules/identity/index.ts';
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
  /** Page where the step is done. */
  at: string;
}

interface Part {
  id: 'half-way' | 'from-start' | 'behind';
  steps: readonly Step[];
}

/** The main job from both sides of the border: from its middle, from its beginning, and what stands behind it. */
const tour: readonly Part[] = [
  {
    id: 'half-way',
    steps: [
      { node: 'xa', person: 'amara', what: 'tour.answer', at: '/desk' },
      { node: 'xb', person: 'ines', what: 'tour.forward', at: '/desk/incoming' },
      { node: 'xb', person: 'vera', what: 'tour.execute', at: '/desk/incoming' },
      { node: 'xb', person: 'tomas', what: 'tour.check', at: '/desk/incoming?view=all' },
      { node: 'xb', person: 'ines', what: 'tour.sign-answer', at: '/desk/incoming' },
      { node: 'xa', person: 'amara', what: 'tour.confirm', at: '/desk' },
    ],
  },
  {
    id: 'from-start',
    steps: [
      { node: 'xa', person: 'amara', what: 'tour.write', at: '/desk' },
      { node: 'xa', person: 'teo', what: 'tour.review', at: '/desk?view=approve' },
      { node: 'xa', person: 'noor', what: 'tour.clear', at: '/desk?view=all' },
      { node: 'xa', person: 'deniz', what: 'tour.sign', at: '/approvals' },
      { node: 'xa', person: 'noor', what: 'tour.send', at: '/desk?view=all' },
      { node: 'xb', person: 'ines', what: 'tour.register', at: '/desk/incoming?view=new' },
      { node: 'xb', person: 'ines', what: 'tour.ask', at: '/desk/incoming' },
    ],
  },
  {
    id: 'behind',
    steps: [
      { node: 'xa', person: 'olu', what: 'tour.oversight', at: '/oversight' },
      { node: 'xb', person: 'ivo', what: 'tour.operate', at: '/system/exchange' },
      { node: 'secretariat', person: 'hana', what: 'tour.treaties', at: '/law/imports' },
      { node: 'xa', person: 'noor', what: 'tour.taken', at: '/law/imports' },
    ],
  },
];

/** Steps by their number over all parts. */
export const steps: readonly Step[] = tour.flatMap((part) => part.steps);

export interface TourParts {
  /** This node's id. */
  node: string;
  nodes: readonly TourNode[];
  identity: IdentityNode;
  people: readonly SamplePerson[];
  /** Ids of the sample people on this node, by sign-in name. */
  ids(ctx: Context): Promise<ReadonlyMap<string, string>>;
}

function SignInAs({ view, person, step }: { view: View; person: SamplePerson; step?: number }) {
  return (
    <Form view={view} action="/tour">
      {step === undefined ? null : <input type="hidden" name="step" value={String(step)} />}
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

function Steps({ view, parts, part }: { view: View; parts: TourParts; part: Part }) {
  const { t } = view;
  const here = new Map(parts.people.map((person) => [person.signInName, person]));
  const origins = new Map(parts.nodes.map((one) => [one.id, one.origin]));
  const numberOf = (step: Step) => steps.indexOf(step) + 1;
  return (
    <Section title={t(`tour.${part.id}`)} id={part.id}>
      <p>{t(`tour.${part.id}-lede`)}</p>
      <DataTable
        view={view}
        caption={t(`tour.${part.id}`)}
        captionHidden
        stack
        rowId={(step: Step) => `step-${numberOf(step)}`}
        columns={[
          {
            id: 'n',
            label: t('tour.column-step'),
            header: true,
            figures: true,
            cell: (step) => view.formats.number(numberOf(step)),
          },
          { id: 'where', label: t('tour.column-where'), cell: (step) => nameOf(view, step.node) },
          { id: 'what', label: t('tour.column-what'), cell: (step) => t(step.what) },
          {
            id: 'who',
            label: t('tour.column-who'),
            cell(step) {
              const person = step.node === parts.node ? here.get(step.person) : undefined;
              if (person) return <SignInAs view={view} person={person} step={numberOf(step)} />;
              const href = `${origins.get(step.node) ?? ''}/tour#step-${numberOf(step)}`;
              return <a href={href}>{t('tour.go-to', { name: nameOf(view, step.node) })}</a>;
            },
          },
        ]}
        rows={part.steps.filter((step) => origins.has(step.node))}
      />
    </Section>
  );
}

function TourPage({ view, parts }: { view: View; parts: TourParts }) {
  const { t } = view;
  return (
    <Shell view={view} title={t('tour.title')}>
      <Notice view={view} kind="info" title={t('tour.invented')}>
        {t('tour.invented-why')}
      </Notice>
      <Heading title={t('tour.title')} lede={t('tour.lede')} />
      {tour.map((part) => (
        <Steps view={view} parts={parts} part={part} />
      ))}
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
      async handler({ ctx, form, client }) {
        const wanted = z.enum(names).safeParse(form.values.person?.[0]);
        const id = wanted.success ? (await parts.ids(ctx)).get(wanted.data) : undefined;
        if (id === undefined) throw new NotFound('identity.not-found');
        const link = await ctx.transaction((tx) => createDemoLink(tx, ctx, id));
        const entered = await enterByDemoLink(parts.identity, link.slice('/enter/'.length), client);
        if (!entered.ok) throw new NotFound('identity.not-found');
        const step = steps[Number(form.values.step?.[0]) - 1];
        const at = step?.person === wanted.data ? step?.at : undefined;
        return { ...redirect(at ?? entered.value.next), cookies: entered.value.cookies };
      },
    },
  ];
}
