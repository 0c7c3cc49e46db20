import type { JWK } from 'jose';
import { z } from 'zod';
import { NotFound } from '../../platform/errors.ts';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import { Hash, Instant, PlainDate, Problem, StateCode } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import { endOfDay, readDay, readFunction, readQuestion, readState, type Readers } from './ask.ts';
import { exportAs, exportFormats, file, must } from './export.ts';
import { toICalendar, toVCard } from './exports.ts';
import { profileSwitches } from './rules/index.ts';
import { Calendar, Choice, Entry, Question, Stage, Trust } from './schema/index.ts';
import {
  answerChoice,
  calendarOf,
  confirmEntry,
  correctUrgently,
  findAuthorities,
  getAuthority,
  getHealth,
  getHistory,
  importFeed,
  profileOn,
  publishDraft,
  recordChoice,
  reportError,
  saveDraft,
  withdrawEntry,
  type AuthoritiesNeeds,
  type HoursNow,
  type ListedEntry,
} from './service/index.ts';

const id = z.object({ id: z.string().max(100) });
const day = z.string().max(10).optional();
const Hours = z.object({
  openNow: z.boolean().nullable(),
  opensAt: Instant.nullable(),
  localTime: z.string().nullable(),
  timeZone: z.string().nullable(),
});
const Listed = z.object({
  authority: z.string(),
  name: z.string(),
  recordVersion: z.int(),
  hash: Hash,
  entry: Entry,
  trust: Trust,
});
const Saved = z.object({
  kind: z.literal('authorities.draft'),
  version: z.literal(1),
  draft: z.string(),
  warnings: z.array(Problem),
});
const Written = z.object({
  kind: z.literal('authorities.written'),
  version: z.literal(1),
  id: z.string(),
  recordVersion: z.int(),
});

function listed({ version, name, trust }: ListedEntry): z.infer<typeof Listed> {
  const { entry, hash, version: recordVersion } = version;
  return { authority: entry.id, name, recordVersion, hash, entry, trust };
}

function hoursOf(hours: HoursNow): z.infer<typeof Hours> {
  return { ...hours };
}

/** Routes of the directory. Public ones answer in the public layer. */
export function authoritiesApi(needs: AuthoritiesNeeds, readers: Readers = {}): ApiRoute<Context>[] {
  const route = apiRoute<Context>();
  return [
    route({
      method: 'get',
      path: '/api/authorities',
      permission: 'authorities.read-public',
      tag: 'authorities',
      summary: 'Lists authorities of a State, a function and a day, in the public layer.',
      input: {
        query: z.object({
          state: z.string().max(60).optional(),
          function: z.string().max(60).optional(),
          instrument: z.string().max(40).optional(),
          on: day,
        }),
      },
      output: z.object({
        kind: z.literal('authorities.list'),
        version: z.literal(1),
        on: PlainDate,
        authorities: z.array(Listed),
      }),
      handler: async ({ ctx, query }) => {
        const on = readDay(query.on, ctx.today());
        const found = await findAuthorities(ctx, {
          on,
          ...(query.state && { state: readState(query.state, readers) }),
          ...(query.function && { function: readFunction(query.function) }),
          ...(query.instrument && { instrument: readers.instrument?.(query.instrument) ?? query.instrument }),
        });
        return { kind: 'authorities.list', version: 1, on, authorities: found.map(listed) };
      },
    }),
    route({
      method: 'get',
      path: '/api/authorities/choice',
      permission: 'authorities.read-public',
      tag: 'authorities',
      summary: 'Finds the one right desk for a measure on a day, and says why.',
      input: {
        query: z.object({
          state: z.string().max(60),
          measure: z.string().max(60),
          instrument: z.string().max(40).optional(),
          territory: z.string().max(10).optional(),
          stage: Stage.optional(),
          on: day,
          urgent: z.enum(['true', 'false']).optional(),
          languages: z.string().max(200).optional(),
        }),
      },
      output: Choice,
      handler: async ({ ctx, query }) =>
        answerChoice(
          ctx,
          readQuestion(
            ctx,
            { ...query, urgent: query.urgent === 'true', languages: query.languages?.split(',') },
            readers,
            needs.ownLanguages,
          ),
        ),
    }),
    route({
      method: 'post',
      path: '/api/authorities/choices',
      permission: 'authorities.read-restricted',
      audit: 'authorities.choose',
      tag: 'authorities',
      summary: 'Records which of two equal desks an official chose.',
      input: { body: z.object({ question: Question, chosen: z.string().max(100) }) },
      output: z.object({ recorded: z.literal(true) }),
      status: 201,
      handler: async ({ ctx, body }) => {
        await recordChoice(ctx, body.question, body.chosen);
        return { recorded: true };
      },
    }),
    route({
      method: 'get',
      path: '/api/authorities/health',
      permission: 'authorities.read-public',
      tag: 'authorities',
      summary: 'Says how far the directory is confirmed, and what waits.',
      input: {},
      output: z.object({
        kind: z.literal('authorities.health'),
        version: z.literal(1),
        states: z.array(
          z.object({
            state: StateCode,
            entries: z.int(),
            confirmed: z.int(),
            due: z.int(),
            stale: z.int(),
            silent: z.int(),
            frozen: z.boolean(),
          }),
        ),
        overlaps: z.array(z.object({ id: z.string(), other: z.string() })),
        urgentToCheck: z.array(z.object({ id: z.string(), version: z.int(), recordedAt: Instant, late: z.boolean() })),
      }),
      handler: async ({ ctx }) => {
        const { states, overlaps, urgentToCheck } = await getHealth(ctx);
        return { kind: 'authorities.health', version: 1, states, overlaps, urgentToCheck };
      },
    }),
    route({
      method: 'get',
      path: '/api/authorities/export',
      permission: 'authorities.export',
      tag: 'authorities',
      summary: 'Gives the directory in the public layer as JSON, table, booklet or signed records.',
      input: {
        query: z.object({
          format: z.enum(exportFormats),
          state: z.string().max(60).optional(),
          on: day,
          lang: z.enum(['en', 'ar']).optional(),
        }),
      },
      output: { files: ['application/json', 'text/csv', 'application/pdf', 'application/zip'] },
      handler: async ({ ctx, query }) =>
        exportAs(ctx, needs, readers, {
          format: query.format,
          on: readDay(query.on, ctx.today()),
          state: query.state ? readState(query.state, readers) : undefined,
          locale: query.lang,
        }),
    }),
    route({
      method: 'post',
      path: '/api/authorities/import',
      permission: 'authorities.edit',
      audit: 'authorities.import',
      tag: 'authorities',
      summary: 'Takes signed records of another node; each signature is checked against the root key given.',
      input: {
        body: z.object({
          /** The record file, base64. */
          file: z.base64().max(14_000_000),
          root: z.record(z.string(), z.unknown()),
        }),
      },
      output: z.object({
        kind: z.literal('authorities.import'),
        version: z.literal(1),
        owner: z.string(),
        taken: z.array(z.object({ recordId: z.string(), version: z.int() })),
        known: z.int(),
        waiting: z.int(),
        problems: z.array(Problem),
      }),
      handler: async ({ ctx, body }) => {
        const bytes = Buffer.from(body.file, 'base64');
        const report = must(await importFeed(ctx, needs, bytes, body.root as JWK));
        return { kind: 'authorities.import', version: 1, ...report };
      },
    }),
    route({
      method: 'get',
      path: '/api/authorities/profiles/:state',
      permission: 'authorities.read-public',
      tag: 'authorities',
      summary: 'Says what a State requires of requests on a day, item by item.',
      input: { params: z.object({ state: z.string().max(60) }), query: z.object({ on: day }) },
      output: z.object({
        kind: z.literal('authorities.profile'),
        version: z.literal(1),
        state: StateCode,
        on: PlainDate,
        recordVersion: z.int().nullable(),
        hash: z.string().nullable(),
        items: z.record(z.string(), z.unknown()),
        switches: z.array(
          z.object({ item: z.string(), rules: z.array(z.string()), effect: z.enum(['applies', 'warns']) }),
        ),
      }),
      handler: async ({ ctx, params, query }) => {
        const on = readDay(query.on, ctx.today());
        ctx.allow('authorities.read-public');
        const profile = await ctx.transaction((tx) => profileOn(tx, readState(params.state, readers), on));
        return {
          kind: 'authorities.profile',
          version: 1,
          state: profile.state,
          on,
          recordVersion: profile.version,
          hash: profile.hash,
          items: profile.items,
          switches: profileSwitches(profile).map((one) => ({ ...one, rules: [...one.rules] })),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/authorities/calendars/:state',
      permission: 'authorities.read-public',
      tag: 'authorities',
      summary: 'Gives rest days and holidays of a State.',
      input: {
        params: z.object({ state: z.string().max(60) }),
        query: z.object({ territory: z.string().max(10).optional() }),
      },
      output: Calendar,
      handler: async ({ ctx, params, query }) =>
        needCalendar(ctx, readState(params.state, readers), query.territory ?? null),
    }),
    route({
      method: 'get',
      path: '/api/authorities/calendars/:state/holidays.ics',
      permission: 'authorities.read-public',
      tag: 'authorities',
      summary: 'Gives the holidays of a State as iCalendar.',
      input: { params: z.object({ state: z.string().max(60) }) },
      output: { files: ['text/calendar'] },
      handler: async ({ ctx, params }) => {
        const calendar = await needCalendar(ctx, readState(params.state, readers), null);
        return file(
          `${calendar.state}-holidays.ics`,
          'text/calendar; charset=utf-8',
          toICalendar(calendar, ctx.locale, ctx.clock.now()),
        );
      },
    }),
    route({
      method: 'get',
      path: '/api/authorities/:id',
      permission: 'authorities.read-public',
      audit: 'authorities.read',
      tag: 'authorities',
      summary: 'Shows one authority on a day, in the reader’s layer.',
      input: { params: id, query: z.object({ on: day, knownOn: day }) },
      output: Listed.extend({
        kind: z.literal('authorities.entry'),
        version: z.literal(1),
        layer: z.enum(['P', 'R', 'N']),
        hours: Hours,
        frozen: z.boolean(),
        others: z.array(Listed),
      }),
      handler: async ({ ctx, params, query }) => {
        const view = await getAuthority(ctx, params.id, {
          on: readDay(query.on, ctx.today()),
          ...(query.knownOn && { knownAt: endOfDay(readDay(query.knownOn, ctx.today()), ctx.zone) }),
        });
        return {
          kind: 'authorities.entry',
          version: 1,
          ...listed(view),
          layer: view.layer,
          hours: hoursOf(view.hours),
          frozen: view.frozen,
          others: view.others.map(listed),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/authorities/:id/history',
      permission: 'authorities.read-public',
      tag: 'authorities',
      summary: 'Lists every version of an authority’s entry.',
      input: { params: id },
      output: z.object({
        kind: z.literal('authorities.history'),
        version: z.literal(1),
        id: z.string(),
        versions: z.array(
          z.object({
            version: z.int(),
            op: z.enum(['put', 'withdraw']),
            validFrom: PlainDate.nullable(),
            until: PlainDate.nullable(),
            recordedAt: Instant,
            hash: z.string(),
            name: z.string(),
            urgent: z.boolean(),
            confirmedOn: PlainDate.nullable(),
          }),
        ),
      }),
      handler: async ({ ctx, params }) => ({
        kind: 'authorities.history',
        version: 1,
        id: params.id,
        versions: await getHistory(ctx, params.id),
      }),
    }),
    route({
      method: 'get',
      path: '/api/authorities/:id/hours',
      permission: 'authorities.read-public',
      tag: 'authorities',
      summary: 'Says whether an office is open now and when it opens next.',
      input: { params: id },
      output: Hours,
      handler: async ({ ctx, params }) => hoursOf((await getAuthority(ctx, params.id)).hours),
    }),
    route({
      method: 'get',
      path: '/api/authorities/:id/card.vcf',
      permission: 'authorities.read-public',
      audit: 'authorities.read',
      tag: 'authorities',
      summary: 'Gives one desk as a vCard, in the reader’s layer.',
      input: { params: id },
      output: { files: ['text/vcard'] },
      handler: async ({ ctx, params }) =>
        file(
          `${params.id.replace(':', '-')}.vcf`,
          'text/vcard; charset=utf-8',
          toVCard((await getAuthority(ctx, params.id)).version.entry),
        ),
    }),
    route({
      method: 'post',
      path: '/api/authorities',
      permission: 'authorities.edit',
      audit: 'authorities.edit',
      tag: 'authorities',
      summary: 'Writes an entry, profile or calendar as a draft for a second official.',
      input: { body: z.object({ body: z.record(z.string(), z.unknown()), reason: z.string().max(2000).optional() }) },
      output: Saved,
      status: 201,
      handler: async ({ ctx, body }) => {
        const saved = must(await saveDraft(ctx, needs, body.body, { reason: body.reason }));
        return { kind: 'authorities.draft', version: 1, draft: saved.draftId, warnings: saved.warnings };
      },
    }),
    route({
      method: 'post',
      path: '/api/authorities/drafts/:draft/publish',
      permission: 'authorities.publish',
      audit: 'authorities.publish',
      tag: 'authorities',
      summary: 'Publishes another official’s draft.',
      input: { params: z.object({ draft: z.uuid() }) },
      output: Written,
      handler: async ({ ctx, params }) => {
        const done = must(await publishDraft(ctx, needs, params.draft));
        return { kind: 'authorities.written', version: 1, id: done.recordId, recordVersion: done.version };
      },
    }),
    route({
      method: 'post',
      path: '/api/authorities/:id/confirm',
      permission: 'authorities.confirm',
      audit: 'authorities.confirm',
      tag: 'authorities',
      summary: 'Confirms that an own entry still holds.',
      input: { params: id, body: z.object({ post: z.string().min(1).max(200) }) },
      output: Written,
      handler: async ({ ctx, params, body }) => {
        const done = must(await confirmEntry(ctx, needs, params.id, body.post));
        return { kind: 'authorities.written', version: 1, id: params.id, recordVersion: done.version };
      },
    }),
    route({
      method: 'post',
      path: '/api/authorities/:id/correct',
      permission: 'authorities.edit',
      audit: 'authorities.correct-urgently',
      tag: 'authorities',
      summary: 'Corrects a wrong number at once, to be checked the next day.',
      input: {
        params: id,
        body: Entry.pick({ phones: true, fax: true, urgentPhone: true, dutyService: true }).partial(),
      },
      output: Written,
      handler: async ({ ctx, params, body }) => {
        const done = must(await correctUrgently(ctx, needs, params.id, body));
        return { kind: 'authorities.written', version: 1, id: params.id, recordVersion: done.version };
      },
    }),
    route({
      method: 'post',
      path: '/api/authorities/:id/withdraw',
      permission: 'authorities.edit',
      audit: 'authorities.edit',
      tag: 'authorities',
      summary: 'Drafts the end of an own entry for a second official.',
      input: { params: id, body: z.object({ until: PlainDate }) },
      output: Saved,
      status: 201,
      handler: async ({ ctx, params, body }) => {
        const saved = must(await withdrawEntry(ctx, needs, params.id, body.until));
        return { kind: 'authorities.draft', version: 1, draft: saved.draftId, warnings: saved.warnings };
      },
    }),
    route({
      method: 'post',
      path: '/api/authorities/:id/feedback',
      permission: 'authorities.read-restricted',
      audit: 'authorities.report-error',
      tag: 'authorities',
      summary: 'Reports an error on an entry to its owner.',
      input: {
        params: id,
        body: z.object({ field: z.string().max(60).optional(), text: z.string().min(1).max(2000) }),
      },
      output: z.object({ feedback: z.string(), dueOn: PlainDate, weekendsOnly: z.boolean() }),
      status: 201,
      handler: async ({ ctx, params, body }) => {
        const { feedbackId, dueOn, weekendsOnly } = await reportError(ctx, params.id, body);
        return { feedback: feedbackId, dueOn, weekendsOnly };
      },
    }),
  ];
}

async function needCalendar(ctx: Context, state: StateCode, territory: string | null): Promise<Calendar> {
  ctx.allow('authorities.read-public');
  const calendar = await ctx.transaction((tx) => calendarOf(tx, state, territory));
  if (!calendar) throw new NotFound('authorities.no-calendar', { params: { state } });
  return calendar;
}
