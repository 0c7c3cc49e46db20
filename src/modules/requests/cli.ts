import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exit, type CliAnswer, type CliCall, type Command } from '../../platform/cli/index.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import { PlainDate, sha256, stateCode, type Problem, type StateCode } from '../../platform/values/index.ts';
import { Profile, profileFor, readSamples } from '../authorities/index.ts';
import { CaseFileId } from '../evidence/index.ts';
import type { Context } from '../identity/index.ts';
import type { TreatyFacts } from '../treaties/index.ts';
import { deskCommands } from './desk-cli.ts';
import {
  actIncoming,
  incomingAnswer,
  incomingCommands,
  listIncoming,
  type IncomingCommandNeeds,
} from './incoming-cli.ts';
import { checkRequest, completenessOf, warningsWithoutReason } from './rules/index.ts';
import {
  ActionData,
  ActionKind,
  readDraft,
  RequestFacts,
  Status,
  type Definitions,
  type DraftRequest,
} from './schema/index.ts';
import { participationFrom, toProfileFacts, type Requests, type RequestView } from './service/index.ts';

type Call = CliCall<Context>;

/** What the commands need beside the service: words, and the treaty data when no node is open. */
export interface CommandNeeds extends IncomingCommandNeeds {
  requests: () => Requests;
  definitions: Definitions;
  treatyFacts: () => TreatyFacts;
}

function argument(call: Call, index: number, name: string): string {
  const given = call.args[index];
  if (given === undefined) throw new Invalid('cli.argument-needed', { params: { argument: name } });
  return given;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Invalid('requests.not-a-request', { cause });
  }
}

/** Annex files in a folder `annexes` beside the request, as `annex-1.…`; null when there is none. */
function annexHashesBeside(path: string): Record<string, string> | null {
  const folder = join(dirname(path), 'annexes');
  if (!existsSync(folder)) return null;
  const hashes: Record<string, string> = {};
  for (let n = 1; existsSync(join(folder, `annex-${n}.txt`)); n += 1)
    hashes[n] = sha256(readFileSync(join(folder, `annex-${n}.txt`)));
  return hashes;
}

function sampleProfile(state: StateCode, on: PlainDate): RequestFacts['profile'] {
  const found = readSamples(on)
    .filter((one) => one.kind === 'requirement-profile')
    .flatMap(({ body }) => {
      const read = Profile.safeParse(body);
      return read.success && read.data.state === state && read.data.territory === null ? [read.data] : [];
    })
    .at(0);
  if (!found) return null;
  return toProfileFacts(
    profileFor({ state, territory: null, on }, { profile: found, version: 1, hash: `sha256:${'0'.repeat(64)}` }),
  );
}

/** Facts for a file: those written beside it (`X.facts.json`), else the treaty data and a sample profile. */
function factsFor(
  call: Call,
  needs: CommandNeeds,
  path: string,
  draft: DraftRequest,
): { facts: RequestFacts; on: PlainDate } {
  const beside = path.replace(/\.json$/, '.facts.json');
  const profileState = call.options['profile'];
  const read = existsSync(beside) ? (readJson(beside) as Record<string, unknown>) : undefined;
  const { on: told, ...rest } = read ?? {};
  const on = PlainDate.parse(call.options['on'] ?? told ?? call.ctx.today());
  const state = profileState ? stateCode(profileState.toUpperCase()) : undefined;
  if (read) {
    const facts = RequestFacts.parse(rest);
    return { facts: state ? { ...facts, profile: sampleProfile(state, on) } : facts, on };
  }
  const states = [draft.requesting?.state, draft.requested?.state].flatMap((one) => (one ? [one] : []));
  const bases = [draft.basis?.primary, ...(draft.basis?.alternatives ?? [])].flatMap((one) =>
    one?.instrument ? [one.instrument] : [],
  );
  const treaty = needs.treatyFacts();
  const participation = bases.flatMap((instrument) =>
    states.map((one) => participationFrom(treaty, instrument, one, on)),
  );
  const asked = state ?? draft.requested?.state;
  return {
    facts: RequestFacts.parse({
      basis: { participation },
      profile: asked ? sampleProfile(asked, on) : null,
      annexHashes: annexHashesBeside(path),
    }),
    on,
  };
}

function problemLine(t: Translate, one: Problem): string {
  const where = one.path.join('/') || '-';
  return `${one.severity.padEnd(6)} ${(one.rule ?? '').padEnd(4)} ${where}\n       ${t.code(one.code, one.params)} [${one.source ?? 'practice'}]`;
}

function withMessages(t: Translate, problems: readonly Problem[]): Problem[] {
  return problems.map((one) => ({ ...one, message: t.code(one.code, one.params) }));
}

function checkText(t: Translate, problems: readonly Problem[], done: { done: number; all: number }): string {
  const count = (severity: Problem['severity']) => problems.filter((one) => one.severity === severity).length;
  if (problems.length === 0) return t('requests.cli.clean');
  return [
    ...problems.map((one) => problemLine(t, one)),
    '',
    t('requests.cli.counts', { block: count('block'), warn: count('warn'), advise: count('advise') }),
    t('requests.completeness', { done: done.done, all: done.all }),
  ].join('\n');
}

async function check(call: Call, needs: CommandNeeds): Promise<CliAnswer> {
  const t = needs.words(call.ctx.locale);
  const path = argument(call, 0, 'FILE');
  if (!existsSync(path)) throw new NotFound('requests.not-found');
  const read = readDraft(readJson(path));
  if (!read.ok) {
    const problems = withMessages(t, read.error);
    return {
      json: { kind: 'requests.check', version: 1, blocked: true, problems },
      text: checkText(t, problems, { done: 0, all: 8 }),
      exit: exit.negative,
    };
  }
  const { facts, on } = factsFor(call, needs, path, read.value);
  const problems = withMessages(t, checkRequest(needs.definitions, read.value, facts, on));
  const completeness = completenessOf(read.value, problems);
  const blocked = problems.some((one) => one.severity === 'block');
  const json = {
    kind: 'requests.check',
    version: 1,
    reference: read.value.reference ?? null,
    ruleSet: needs.definitions.ruleSet,
    on,
    blocked,
    problems,
    open: warningsWithoutReason(read.value, problems),
    completeness,
  };
  return { json, text: checkText(t, problems, completeness), exit: blocked ? exit.negative : exit.done };
}

function viewText(t: Translate, view: RequestView): string {
  const last = view.actions.map((one) => `  ${one.at}  ${t.code(`requests.action.${one.kind}`)}`);
  const next = view.next.filter((one) => one.allowed).map((one) => t.code(`requests.action.${one.action}`));
  return [
    `${view.reference}  ${t.code(`requests.status.${view.status}`)}  version ${view.requestVersion}, revision ${view.revision}`,
    view.contentHash,
    ...last,
    `-> ${next.join(', ')}`,
    `seen ${view.head}`,
  ].join('\n');
}

function answerOf(t: Translate, view: RequestView): CliAnswer {
  return { json: { kind: 'requests.request', version: 1, ...view }, text: viewText(t, view) };
}

export function requestsCommands(needs: CommandNeeds): Command<Context>[] {
  const t = (call: Call) => needs.words(call.ctx.locale);
  return [
    {
      module: 'requests',
      verb: 'check',
      usage: 'FILE',
      needs: 'files',
      summary: 'Lists every problem of a request; exit 1 when one blocks',
      options: {
        profile: { value: 'XB', summary: 'State whose requirements apply; the State asked when absent' },
        on: { value: 'YYYY-MM-DD', summary: 'Day of the request; today when absent' },
      },
      run: (call) => check(call, needs),
    },
    {
      module: 'requests',
      verb: 'definitions',
      usage: '[T9]',
      needs: 'files',
      summary: 'Shows the fields a request asks, or those of one kind',
      run: async (call) => {
        const wanted = call.args[0]?.toUpperCase();
        const types = needs.definitions.types.filter((one) => wanted === undefined || one.id === wanted);
        if (types.length === 0) throw new NotFound('requests.unknown-definition', { params: { given: wanted ?? '' } });
        const core = wanted ? [] : needs.definitions.core;
        const say = t(call);
        const lines = [...core, ...types].flatMap((one) => [
          `${one.id.padEnd(4)} ${say.code(one.title)}  [${one.source}]`,
          ...one.fields.map((field) => `     ${field.requirement} ${field.path.padEnd(34)} ${say.code(field.label)}`),
        ]);
        return {
          json: { kind: 'requests.definitions', version: 1, ruleSet: needs.definitions.ruleSet, core, types },
          text: lines.join('\n'),
        };
      },
    },
    {
      module: 'requests',
      verb: 'rules',
      usage: '[V29]',
      needs: 'files',
      summary: 'Shows the rules a request is checked against, with their sources',
      run: async (call) => {
        const wanted = call.args[0]?.toUpperCase();
        const rules = needs.definitions.rules.filter((one) => wanted === undefined || one.id === wanted);
        if (rules.length === 0) throw new NotFound('requests.unknown-definition', { params: { given: wanted ?? '' } });
        const say = t(call);
        const lines = rules.flatMap((rule) => [
          `${rule.id}  ${say.code(rule.title)}  [${rule.source}]`,
          ...(wanted
            ? rule.checks.flatMap((one) =>
                Object.values(one.outcomes).map(({ code, severity }) => `     ${severity.padEnd(6)} ${code}`),
              )
            : []),
        ]);
        return {
          json: { kind: 'requests.rules', version: 1, ruleSet: needs.definitions.ruleSet, rules },
          text: lines.join('\n'),
        };
      },
    },
    {
      module: 'requests',
      verb: 'list',
      needs: 'node',
      summary: 'Lists the requests you may know of',
      options: {
        status: { value: 'draft', summary: 'Only those at this status' },
        'due-before': { value: 'YYYY-MM-DD', summary: 'Only those with a deadline by this day' },
        incoming: { summary: 'Those of other States' },
        from: { value: 'XA', summary: 'With --incoming: only those of this State' },
      },
      run: async (call) => {
        if (call.options['incoming'] !== undefined) return listIncoming(call, needs);
        const status = call.options['status'];
        const due = call.options['due-before'];
        const found = await needs.requests().list(call.ctx, {
          ...(status ? { status: Status.parse(status) } : {}),
          ...(due ? { dueBefore: PlainDate.parse(due) } : {}),
        });
        const lines = found.requests.map(
          (one) =>
            `${one.reference}  ${t(call).code(`requests.status.${one.status}`).padEnd(18)} ${one.types.join(',')} -> ${one.requestedState ?? '-'}  ${one.tasksDone}/8  ${one.deadline ?? ''}`,
        );
        return { json: { kind: 'requests.list', version: 1, ...found }, text: lines.join('\n') };
      },
    },
    {
      module: 'requests',
      verb: 'show',
      usage: 'REF',
      needs: 'node',
      summary: 'Shows a request, what was done and what may follow',
      run: async (call) => {
        const given = argument(call, 0, 'REF');
        const found = await needs.incoming().sideOf(call.ctx, given);
        if (found?.side === 'incoming')
          return incomingAnswer(t(call), await needs.incoming().get(call.ctx, found.reference));
        return answerOf(t(call), await needs.requests().get(call.ctx, given));
      },
    },
    {
      module: 'requests',
      verb: 'new',
      needs: 'node',
      summary: 'Opens a request in a case file, empty or from a file',
      options: {
        'case-file': { value: 'ID', summary: 'Case file it belongs to', required: true },
        type: { value: 'T5,T9', summary: 'Kinds of help; those of the file when absent' },
        to: { value: 'XB', summary: 'State asked' },
        from: { value: 'FILE', summary: 'Request to begin with' },
      },
      run: async (call) => {
        const file = call.options['from'];
        const read = file ? readDraft(readJson(file)) : undefined;
        if (read && !read.ok) throw new Invalid('requests.not-a-request', { problems: read.error });
        const from = read?.value;
        const to = call.options['to'] ?? from?.requested?.state;
        const view = await needs.requests().open(call.ctx, {
          caseFileId: CaseFileId.parse(call.options['case-file']),
          types: call.options['type']?.split(',').map((one) => one.trim().toUpperCase()) ?? from?.types ?? [],
          ...(to ? { to: stateCode(to.toUpperCase()) } : {}),
          ...(from ? { from } : {}),
        });
        return answerOf(t(call), view);
      },
    },
    {
      module: 'requests',
      verb: 'act',
      usage: 'REF ACTION',
      needs: 'node',
      summary: 'Takes an action of those that may follow; exit 1 when something stands against it',
      options: {
        data: { value: 'FILE', summary: 'JSON with reason, content hash and the like' },
        reason: { value: 'TEXT', summary: 'Reason, where one is asked' },
        seen: { value: 'ACTION-ID', summary: 'Last action you saw' },
      },
      run: async (call) => {
        const wanted = argument(call, 1, 'ACTION');
        const other = await actIncoming(call, needs);
        if (other) return other;
        const action = ActionKind.safeParse(wanted);
        if (!action.success) throw new Invalid('requests.unknown-action', { params: { given: call.args[1] ?? '' } });
        const file = call.options['data'];
        const reason = call.options['reason'];
        const data = ActionData.parse({ ...(file ? (readJson(file) as object) : {}), ...(reason ? { reason } : {}) });
        const done = await needs
          .requests()
          .act(call.ctx, argument(call, 0, 'REF'), action.data, data, call.options['seen'] ?? null);
        if (done.ok) return answerOf(t(call), done.value);
        const problems = withMessages(t(call), done.error);
        return {
          json: { kind: 'requests.problems', version: 1, problems },
          text: problems.map((one) => problemLine(t(call), one)).join('\n'),
          exit: exit.negative,
        };
      },
    },
    ...incomingCommands(needs),
    ...deskCommands(needs),
  ];
}
