import { readFileSync, writeFileSync } from 'node:fs';
import type { JWK } from 'jose';
import { exit, type CliAnswer, type CliCall, type Command } from '../../platform/cli/index.ts';
import { Invalid } from '../../platform/errors.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import { isBlocked, isUnknown, type Problem, type Result } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import { endOfDay, readDay, readFunction, readQuestion, readState, type Readers } from './ask.ts';
import { exportAs, must } from './export.ts';
import { toICalendar } from './exports.ts';
import { checkCalendar, checkEntry, checkProfile, profileSwitches } from './rules/index.ts';
import { itemCodes, type Choice, type Desk } from './schema/index.ts';
import {
  answerChoice,
  calendarOf,
  confirmEntry,
  findAuthorities,
  getAuthority,
  getHealth,
  getHistory,
  importFeed,
  kindOfBody,
  loadCustodianEntries,
  loadSampleDirectory,
  profileOn,
  publishDraft,
  saveDraft,
  withdrawEntry,
  type AuthoritiesNeeds,
} from './service/index.ts';
import { whyText } from './words.ts';

type Call = CliCall<Context>;

function argument(call: Call, index: number, name: string): string {
  const given = call.args[index];
  if (given === undefined) throw new Invalid('cli.argument-needed', { params: { argument: name } });
  return given;
}

function option(call: Call, name: string): string {
  const given = call.options[name];
  if (given === undefined) throw new Invalid('cli.argument-needed', { params: { argument: `--${name}` } });
  return given;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Invalid('authorities.file-unreadable', { params: { path }, cause });
  }
}

function problemLines(t: Translate, problems: readonly Problem[]): string[] {
  return problems.map(
    (one) =>
      `${one.severity === 'block' ? 'x' : '!'} ${one.path.join('.') || '-'}: ${t.code(one.code, one.params)} (${one.code})`,
  );
}

function deskLine(desk: Desk): string {
  const under = desk.designatedUnder.instrument
    ? ` under ${desk.designatedUnder.instrument} art. ${desk.designatedUnder.article}`
    : '';
  const on = isUnknown(desk.notifiedOn) ? 'date not given' : `notified ${desk.notifiedOn}`;
  return `${desk.authority}  ${desk.name}  (${desk.role}, ${desk.function}${under}, ${on}${desk.notifiedIn ? `, source ${desk.notifiedIn}` : ''})`;
}

function choiceText(t: Translate, choice: Choice): string {
  const { language, formalities, trust } = choice;
  const shown = (value: unknown) => (isUnknown(value) ? value.unknown : String(value ?? '-'));
  return [
    ...(choice.desk ? [deskLine(choice.desk)] : []),
    ...choice.equals.map((desk) => `? ${deskLine(desk)}`),
    ...(choice.alert ? [`ring first: ${choice.alert.authority}  ${choice.alert.name}`] : []),
    ...choice.fallback.map((desk) => `fallback: ${deskLine(desk)}`),
    ...choice.nearest.map((desk) => `nearest: ${deskLine(desk)}`),
    `language: ${language.use ?? '-'} (accepted: ${isUnknown(language.accepted) ? language.accepted.unknown : language.accepted.join(', ')}; translation: ${shown(language.translation)})`,
    `channel: ${choice.channel}`,
    `electronic signature: ${shown(formalities.electronicSignature)}; originals within days: ${shown(formalities.originalsWithinDays)}; copies: ${shown(formalities.copies)}; authentication: ${shown(formalities.authentication)}`,
    ...(choice.localTime
      ? [
          `there: ${choice.localTime}, ${choice.openNow === null ? 'hours not known' : choice.openNow ? 'open' : `opens ${choice.opensAt ?? '-'}`}`,
        ]
      : []),
    ...(trust ? [`trust: ${trust.mark}, confirmed ${shown(trust.confirmedOn)}`] : []),
    ...choice.why.map((why) => `because ${whyText(t, why)}`),
    ...problemLines(t, choice.warnings),
  ].join('\n');
}

function written(
  t: Translate,
  kind: string,
  result: Result<object, Problem[]>,
  line: (value: object) => string,
): CliAnswer {
  if (!result.ok)
    return {
      json: { kind, version: 1, problems: result.error },
      text: problemLines(t, result.error).join('\n'),
      exit: exit.negative,
    };
  return { json: { kind, version: 1, ...result.value }, text: line(result.value) };
}

const on = { on: { value: 'YYYY-MM-DD', summary: 'Day asked about; today when absent' } };

/** Commands of the directory. `words` are the texts by language; without them codes stand in the answers. */
export function authoritiesCommands(
  needs: AuthoritiesNeeds,
  readers: Readers = {},
  words?: Readonly<Record<string, Translate>>,
): Command<Context>[] {
  const codeOnly: Translate = Object.assign((key: string) => key, { code: (code: string) => code, has: () => false });
  const speech = (call: Call): Translate => words?.[call.ctx.locale] ?? codeOnly;
  const command = (
    verb: string,
    summary: string,
    rest: Omit<Command<Context>, 'module' | 'verb' | 'summary' | 'needs'> & { needs?: 'files' | 'node' },
  ): Command<Context> => ({ module: 'authorities', verb, summary, needs: 'node', ...rest });
  return [
    command('find', 'Lists authorities of a State, a function and a day', {
      options: {
        state: { value: 'STATE', summary: 'State code' },
        function: { value: 'F', summary: 'Function, measure or request type' },
        instrument: { value: 'ID', summary: 'Treaty number' },
        ...on,
      },
      run: async (call) => {
        const { state, function: purpose, instrument } = call.options;
        const day = readDay(call.options['on'], call.ctx.today());
        const found = await findAuthorities(call.ctx, {
          on: day,
          ...(state && { state: readState(state, readers) }),
          ...(purpose && { function: readFunction(purpose) }),
          ...(instrument && { instrument: readers.instrument?.(instrument) ?? instrument }),
        });
        const lines = found.map(
          ({ version, name, trust }) => `${version.entry.id}  ${version.entry.role}  ${trust.mark}  ${name}`,
        );
        return {
          json: {
            kind: 'authorities.list',
            version: 1,
            on: day,
            authorities: found.map(({ version, name, trust }) => ({ ...version, name, trust })),
          },
          text: lines.join('\n') || '-',
          exit: found.length > 0 ? exit.done : exit.negative,
        };
      },
    }),
    command('choose', 'Finds the one right desk for a measure on a day, and says why', {
      options: {
        state: { value: 'STATE', summary: 'State asked', required: true },
        measure: { value: 'M', summary: 'Measure, function or request type', required: true },
        instrument: { value: 'ID', summary: 'Treaty that is the basis' },
        territory: { value: 'UNIT', summary: 'Unit of a federal State' },
        stage: { value: 'STAGE', summary: 'pre-trial, trial or enforcement' },
        languages: { value: 'LIST', summary: 'Languages the own office writes, such as en,fr' },
        urgent: { summary: 'Time is short' },
        ...on,
      },
      run: async (call) => {
        const { instrument, territory, stage, languages } = call.options;
        const question = readQuestion(
          call.ctx,
          {
            state: option(call, 'state'),
            measure: option(call, 'measure'),
            instrument,
            territory,
            stage,
            on: call.options['on'],
            urgent: call.switches.has('urgent'),
            languages: languages?.split(','),
          },
          readers,
          needs.ownLanguages,
        );
        const choice = await answerChoice(call.ctx, question);
        return {
          json: choice,
          text: choiceText(speech(call), choice),
          exit: choice.desk || choice.equals.length > 0 ? exit.done : exit.negative,
        };
      },
    }),
    command('show', 'Shows one authority on a day, in the reader’s layer', {
      usage: 'ID',
      options: { ...on, 'known-on': { value: 'YYYY-MM-DD', summary: 'As known on that day' } },
      run: async (call) => {
        const known = call.options['known-on'];
        const today = call.ctx.today();
        const view = await getAuthority(call.ctx, argument(call, 0, 'ID'), {
          on: readDay(call.options['on'], today),
          ...(known && { knownAt: endOfDay(readDay(known, today), call.ctx.zone) }),
        });
        const { entry, version, hash } = view.version;
        return {
          json: {
            kind: 'authorities.entry',
            version: 1,
            recordVersion: version,
            hash,
            layer: view.layer,
            trust: view.trust,
            hours: view.hours,
            frozen: view.frozen,
            entry,
          },
          text: [
            `${entry.id} version ${version} (${view.layer}) ${view.trust.mark}${view.frozen ? ' FROZEN' : ''}`,
            JSON.stringify(entry, null, 2),
          ].join('\n'),
        };
      },
    }),
    command('history', 'Lists every version of an entry', {
      usage: 'ID',
      run: async (call) => {
        const versions = await getHistory(call.ctx, argument(call, 0, 'ID'));
        return {
          json: { kind: 'authorities.history', version: 1, versions },
          text: versions
            .map(
              (one) =>
                `${one.version}  ${one.recordedAt}  ${one.op}  from ${one.validFrom ?? '?'} until ${one.until ?? '-'}  ${one.hash}`,
            )
            .join('\n'),
        };
      },
    }),
    command('hours', 'Says whether an office is open and when it opens next', {
      usage: 'ID',
      run: async (call) => {
        const { hours } = await getAuthority(call.ctx, argument(call, 0, 'ID'));
        const text =
          hours.openNow === null
            ? 'hours not known'
            : hours.openNow
              ? `open, ${hours.localTime ?? ''} there`
              : `closed, ${hours.localTime ?? ''} there; opens ${hours.opensAt ?? '-'}`;
        return { json: { kind: 'authorities.hours', version: 1, ...hours }, text };
      },
    }),
    command('profile', 'Says what a State requires of requests on a day', {
      usage: 'STATE',
      options: on,
      run: async (call) => {
        const day = readDay(call.options['on'], call.ctx.today());
        call.ctx.allow('authorities.read-public');
        const profile = await call.ctx.transaction((tx) =>
          profileOn(tx, readState(argument(call, 0, 'STATE'), readers), day),
        );
        const t = speech(call);
        const lines = itemCodes.map((code) => {
          const item = profile.items[code];
          return `${code} ${t.code(`authorities.item.${code}`)}: ${isUnknown(item) ? item.unknown : `${JSON.stringify(item.value)} [${item.source}${item.locator ? `, ${item.locator}` : ''}]`}`;
        });
        return {
          json: {
            kind: 'authorities.profile',
            version: 1,
            state: profile.state,
            on: day,
            recordVersion: profile.version,
            hash: profile.hash,
            items: profile.items,
            switches: profileSwitches(profile),
          },
          text: lines.join('\n'),
        };
      },
    }),
    command('check', 'Checks a file that holds an entry, a profile or a calendar', {
      usage: 'FILE',
      needs: 'files',
      run: async (call) => {
        const body = readJson(argument(call, 0, 'FILE'));
        const kind = kindOfBody(body);
        const read =
          kind === 'authority-entry'
            ? checkEntry(body, { others: [], statusOn: needs.statusOn ?? (() => 'unknown') })
            : kind === 'calendar'
              ? checkCalendar(body)
              : checkProfile(body);
        const problems = read.ok ? ('warnings' in read.value ? read.value.warnings : []) : read.error;
        return {
          json: { kind: 'authorities.check', version: 1, record: kind, problems },
          text: problemLines(speech(call), problems).join('\n') || `${kind}: no fault`,
          exit: isBlocked(problems) ? exit.negative : exit.done,
        };
      },
    }),
    command('publish', 'Writes a file as a draft, or publishes another official’s draft', {
      usage: 'FILE',
      options: {
        draft: { value: 'ID', summary: 'Publish this draft' },
        reason: { value: 'TEXT', summary: 'Why, when a warning stands' },
      },
      run: async (call) => {
        const { draft, reason } = call.options;
        if (draft)
          return written(speech(call), 'authorities.written', await publishDraft(call.ctx, needs, draft), (value) =>
            JSON.stringify(value),
          );
        return written(
          speech(call),
          'authorities.draft',
          await saveDraft(call.ctx, needs, readJson(argument(call, 0, 'FILE')), { reason }),
          (value) => JSON.stringify(value),
        );
      },
    }),
    command('confirm', 'Confirms that an own entry still holds', {
      usage: 'ID',
      options: { post: { value: 'TEXT', summary: 'Post of who confirms, as others shall see it', required: true } },
      run: async (call) =>
        written(
          speech(call),
          'authorities.written',
          await confirmEntry(call.ctx, needs, argument(call, 0, 'ID'), option(call, 'post')),
          (value) => JSON.stringify(value),
        ),
    }),
    command('withdraw', 'Drafts the end of an own entry', {
      usage: 'ID',
      options: { until: { value: 'YYYY-MM-DD', summary: 'Day from which it no longer holds', required: true } },
      run: async (call) =>
        written(
          speech(call),
          'authorities.draft',
          await withdrawEntry(
            call.ctx,
            needs,
            argument(call, 0, 'ID'),
            readDay(option(call, 'until'), call.ctx.today()),
          ),
          (value) => JSON.stringify(value),
        ),
    }),
    command('export', 'Writes the directory in the public layer to a file', {
      options: {
        format: { value: 'json|csv|pdf|bundle', summary: 'Form of the file', required: true },
        lang: { value: 'en|ar', summary: 'Language of the booklet' },
        out: { value: 'FILE', summary: 'Where to; named after the day when absent' },
        state: { value: 'STATE', summary: 'One State only' },
        ...on,
      },
      run: async (call) => {
        const { state, lang } = call.options;
        const made = await exportAs(call.ctx, needs, readers, {
          format: option(call, 'format'),
          on: readDay(call.options['on'], call.ctx.today()),
          state: state ? readState(state, readers) : undefined,
          locale: lang === 'ar' || lang === 'en' ? lang : undefined,
        });
        const path = call.options['out'] ?? made.fileName;
        writeFileSync(path, made.bytes);
        return {
          json: { kind: 'authorities.export', version: 1, path, bytes: made.bytes.length },
          text: `${path}, ${made.bytes.length} bytes`,
        };
      },
    }),
    command('import', 'Takes signed records of another node from a file', {
      usage: 'FILE',
      options: { root: { value: 'FILE', summary: 'Root key of the owner, as a JWK', required: true } },
      run: async (call) => {
        const report = must(
          await importFeed(
            call.ctx,
            needs,
            readFileSync(argument(call, 0, 'FILE')),
            readJson(option(call, 'root')) as JWK,
          ),
        );
        const lines = report.taken.map((one) => `+ ${one.recordId} version ${one.version}`);
        return {
          json: { kind: 'authorities.import', version: 1, ...report },
          text: [
            `${report.owner}: ${report.taken.length} taken, ${report.known} known, ${report.waiting} waiting`,
            ...lines,
            ...problemLines(speech(call), report.problems),
          ].join('\n'),
          exit: report.problems.length > 0 ? exit.negative : exit.done,
        };
      },
    }),
    command('verify', 'Checks the directory: confirmation, overlaps, frozen feeds', {
      run: async (call) => {
        const { states, overlaps, urgentToCheck } = await getHealth(call.ctx);
        const bad = overlaps.length > 0 || states.some((one) => one.frozen);
        return {
          json: { kind: 'authorities.health', version: 1, states, overlaps, urgentToCheck },
          text: [
            ...states.map(
              (one) =>
                `${one.state}  ${one.entries} entries: ${one.confirmed} confirmed, ${one.due} due, ${one.stale} stale, ${one.silent} silent${one.frozen ? '  FROZEN' : ''}`,
            ),
            ...overlaps.map((one) => `! ${one.id} and ${one.other} are not told apart`),
            ...urgentToCheck.map((one) => `! ${one.id} version ${one.version}: urgent correction to check`),
          ].join('\n'),
          exit: bad ? exit.negative : exit.done,
        };
      },
    }),
    command('calendar', 'Shows rest days and holidays of a State', {
      usage: 'STATE',
      options: {
        year: { value: 'YYYY', summary: 'One year only' },
        ics: { value: 'FILE', summary: 'Write as iCalendar' },
      },
      run: async (call) => {
        const state = readState(argument(call, 0, 'STATE'), readers);
        call.ctx.allow('authorities.read-public');
        const calendar = await call.ctx.transaction((tx) => calendarOf(tx, state));
        if (!calendar)
          return {
            json: { kind: 'authorities.calendar', version: 1, state, calendar: null },
            text: 'no calendar entered: weekends only',
            exit: exit.negative,
          };
        const { year, ics } = call.options;
        if (ics) writeFileSync(ics, toICalendar(calendar, call.ctx.locale, call.ctx.clock.now()));
        const holidays = calendar.holidays.filter((one) => !year || one.on.startsWith(year));
        return {
          json: { kind: 'authorities.calendar', version: 1, state, calendar: { ...calendar, holidays } },
          text: [
            `weekly rest: ${calendar.weeklyRest.join(', ')}`,
            ...holidays.map((one) => `${one.on}  ${one.status}  ${Object.values(one.names).join(' / ')}`),
          ].join('\n'),
        };
      },
    }),
    command('load', 'Loads the custodian entries, and the invented States with --samples', {
      options: { samples: { summary: 'Also the invented States' } },
      run: async (call) => {
        call.ctx.allow('system.operate');
        const { ctx } = call;
        const loaded = await ctx.transaction(async (tx) => ({
          custodian: await loadCustodianEntries(tx, ctx, needs),
          samples: call.switches.has('samples') ? await loadSampleDirectory(tx, ctx, { needs }) : 0,
        }));
        return {
          json: { kind: 'authorities.load', version: 1, ...loaded },
          text: `${loaded.custodian} custodian entries, ${loaded.samples} sample records`,
        };
      },
    }),
  ];
}
