import { writeFileSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import { exit, type CliCall, type Command } from '../../../platform/cli/index.ts';
import { Invalid } from '../../../platform/errors.ts';
import type { Context } from '../../identity/index.ts';
import { walkSources, type SourcesOptions } from '../sources.ts';
import { Answer, type BasisAnswer, type ShownAct } from '../schema/index.ts';
import type { Treaties } from '../service.ts';

type Call = CliCall<Context>;

function argument(call: Call, index: number, name: string): string {
  const given = call.args[index];
  if (given === undefined) throw new Invalid('cli.argument-needed', { params: { argument: name } });
  return given;
}

const day = { on: { value: 'YYYY-MM-DD', summary: 'Day asked about; today when absent' } };

function shown(date: ShownAct['deposited']): string {
  if (typeof date === 'string') return date;
  if ('unknown' in date) return 'day not known';
  if ('date' in date) return date.date;
  return `between ${date.after ?? '…'} and ${date.before ?? '…'}`;
}

function actLine(act: ShownAct): string {
  return `${act.kind}, deposited ${shown(act.deposited)}, effect ${shown(act.effect)} (${act.source}, as of ${act.asOf})`;
}

function basisText(answer: BasisAnswer): string {
  const lines = [
    `${answer.question.from} -> ${answer.question.to}, ${answer.question.measure}, ${answer.question.on}: ${answer.answer}`,
  ];
  for (const basis of answer.bases) {
    lines.push(
      '',
      `${String(basis.rank)}. ${basis.instrument}${basis.article ? ` art. ${basis.article}` : ''}: ${basis.answer}`,
    );
    for (const condition of basis.conditions)
      lines.push(
        `   ${condition.code} ${condition.answer}: ${condition.text}${condition.article ? ` [art. ${condition.article}]` : ''}`,
      );
    for (const [state, acts] of Object.entries(basis.acts))
      for (const act of acts) lines.push(`   ${state}: ${actLine(act)}`);
    for (const change of basis.changesOn) lines.push(`   from ${change.date}: ${change.answer}. ${change.because}`);
  }
  lines.push('', ...answer.residual.map((one) => `${one.basis}: ${one.answer}. ${one.text}`));
  lines.push(...answer.alternatives.map((one) => `- ${one}`));
  lines.push(...answer.missing.map((one) => `? ${one.ask}`), '', answer.notice);
  return lines.join('\n');
}

function reads(treaties: Treaties): Command<Context>[] {
  return [
    {
      module: 'treaties',
      verb: 'instruments',
      summary: 'Lists the instruments, what the data hold of each and the totals published since',
      options: day,
      needs: 'files',
      run: async (call) => {
        const answer = treaties.instruments(call.ctx, call.options['on']);
        const text = answer.instruments
          .map(
            (one) =>
              `${one.id.padEnd(11)} ${one.alias.padEnd(28)} in force ${one.entryIntoForce}  +${String(one.days)} d  deposits ${String(one.count.deposited)}  undated ${String(one.count.dateUnknown)}  signed ${String(one.signatories)}  as of ${one.asOf}`,
          )
          .join('\n');
        return { json: answer, text };
      },
    },
    {
      module: 'treaties',
      verb: 'parties',
      summary: 'Counts and lists the parties to an instrument on a day',
      options: {
        instrument: { value: 'ID', summary: 'Instrument by number or short name', required: true },
        ...day,
        by: { value: 'deposit|force', summary: 'Count by deposit (default) or by entry into force' },
      },
      needs: 'files',
      run: async (call) => {
        const answer = treaties.parties(call.ctx, {
          instrument: call.options['instrument']!,
          on: call.options['on'],
          by: call.options['by'],
        });
        const { count } = answer;
        const lines = [
          `${answer.instrument} on ${answer.on}: ${String(count.deposited)} deposited, ${String(count.inForce)} in force, ${String(count.dateUnknown)} without a day of deposit, ${String(count.unknownStatus)} unknown`,
          `by ${answer.by}: ${String(count.states)} States and ${String(count.organizations)} ${count.organizations === 1 ? 'organization' : 'organizations'}; data as of ${answer.asOf}`,
          ...answer.parties.map((row) => `${row.state}  ${row.name}: ${row.status}; ${actLine(row.act)}`),
          ...answer.undated.map((row) => `${row.state}  ${row.name}: ${row.status}; ${actLine(row.act)}`),
          ...answer.conflicts.map(
            (one) =>
              `conflict ${one.state}: ${one.values.map((act) => shown(act.deposited)).join(' or ')}; ${one.used === null ? 'not counted' : `counted: ${shown(one.values[one.used]!.deposited)}`} (${one.why})`,
          ),
        ];
        return { json: answer, text: lines.join('\n') };
      },
    },
    {
      module: 'treaties',
      verb: 'state',
      summary: 'Shows one State and every instrument on a day',
      usage: 'STATE',
      options: day,
      needs: 'files',
      run: async (call) => {
        const answer = treaties.state(call.ctx, { state: argument(call, 0, 'STATE'), on: call.options['on'] });
        const lines = answer.instruments.map(
          (one) =>
            `${one.instrument.padEnd(11)} ${one.status}${one.since ? ` since ${one.since}` : ''}${one.presumedContinuing ? ', presumed to continue' : ''}; ${one.acts.map(actLine).join('; ') || 'no act in the data'}; complete until ${one.completeUntil ?? 'never'}`,
        );
        return { json: answer, text: [`${answer.state} ${answer.name} on ${answer.on}`, ...lines].join('\n') };
      },
    },
    {
      module: 'treaties',
      verb: 'basis',
      summary: 'Ranks the instruments on which one State may ask another for a form of cooperation',
      options: {
        from: { value: 'STATE', summary: 'Requesting State', required: true },
        to: { value: 'STATE', summary: 'Requested State', required: true },
        measure: { value: 'MEASURE', summary: 'Form of cooperation, such as mla', required: true },
        ...day,
        'offence-date': { value: 'YYYY-MM-DD', summary: 'Day of the offence' },
        offence: { value: 'CODE', summary: 'Offence code; may be given more than once', multiple: true },
        penalty: { value: 'YEARS', summary: 'Highest penalty in the law of the requesting State: 10 or 4-10' },
        'penalty-to': { value: 'YEARS', summary: 'Highest penalty in the law of the requested State' },
        group: { value: 'V', summary: 'established, suspected or no' },
        transnational: { value: 'V', summary: 'Test met; may be given more than once', multiple: true },
        'person-in': { value: 'STATE', summary: 'Where the person is' },
        coercive: { summary: 'The measure is coercive' },
        'legal-person': { summary: 'The request concerns a legal person' },
        require: { value: 'ANSWER', summary: 'Exit 1 unless the answer is this one' },
      },
      needs: 'files',
      run: async (call) => {
        const { options, lists, switches } = call;
        const answer = treaties.basis(call.ctx, {
          from: options['from']!,
          to: options['to']!,
          measure: options['measure']!,
          on: options['on'],
          offenceDate: options['offence-date'],
          offences: lists['offence'],
          penalty: options['penalty'],
          penaltyTo: options['penalty-to'],
          group: options['group'],
          transnational: lists['transnational'],
          personIn: options['person-in'],
          ...(switches.has('coercive') ? { coercive: true } : {}),
          ...(switches.has('legal-person') ? { legalPerson: true } : {}),
        });
        const wanted = options['require'];
        if (wanted !== undefined && !Answer.safeParse(wanted).success)
          throw new Invalid('treaties.unknown-answer', { params: { given: wanted, valid: Answer.options.join(', ') } });
        return {
          json: answer,
          text: basisText(answer),
          exit: wanted === undefined || wanted === answer.answer ? exit.done : exit.negative,
        };
      },
    },
    {
      module: 'treaties',
      verb: 'matrix',
      summary: 'Best answer of every ordered pair of States for one measure, as a table',
      options: {
        measure: { value: 'MEASURE', summary: 'Form of cooperation', required: true },
        ...day,
        out: { value: 'FILE', summary: 'CSV file to write' },
      },
      needs: 'files',
      run: async (call) => {
        const answer = treaties.matrix(call.ctx, { measure: call.options['measure']!, on: call.options['on'] });
        const csv = stringify(
          answer.rows.map((row) => ({ ...row, instrument: row.instrument ?? '' })),
          { header: true, columns: ['from', 'to', 'answer', 'instrument'] },
        );
        const out = call.options['out'];
        if (out === undefined) return { json: answer, text: csv.trimEnd() };
        writeFileSync(out, csv);
        return { json: { ...answer, rows: [], out }, text: `${String(answer.rows.length)} pairs written to ${out}` };
      },
    },
    {
      module: 'treaties',
      verb: 'act',
      summary: 'Shows one act, its sources and what it corrected',
      usage: 'show ID',
      needs: 'files',
      run: async (call) => {
        const answer = treaties.act(
          call.ctx,
          call.args[0] === 'show' ? argument(call, 1, 'ID') : argument(call, 0, 'ID'),
        );
        return { json: answer, text: JSON.stringify(answer, null, 2) };
      },
    },
    {
      module: 'treaties',
      verb: 'history',
      summary: 'Every act of one State under one instrument, and each day its status changed',
      usage: 'STATE',
      options: { instrument: { value: 'ID', summary: 'Instrument', required: true } },
      needs: 'files',
      run: async (call) => {
        const answer = treaties.history(call.ctx, {
          state: argument(call, 0, 'STATE'),
          instrument: call.options['instrument']!,
        });
        return {
          json: answer,
          text: [
            ...answer.acts.map((act) => `${act.kind} ${shown(act.depositedOn)} (${act.source})`),
            ...answer.changes.map((one) => `${one.date} ${one.status}`),
          ].join('\n'),
        };
      },
    },
    {
      module: 'treaties',
      verb: 'verify',
      summary: 'Recounts published totals and explains each difference',
      needs: 'files',
      run: async (call) => {
        const answer = treaties.verify(call.ctx);
        const text = answer.rows
          .map(
            (row) =>
              `${(row.day ?? 'ever').padEnd(10)} ${row.instrument.padEnd(11)} ${row.what} published ${String(row.published)}, deposits ${String(row.deposits)}${row.undated > 0 ? ` + ${String(row.undated)} undated` : ''}${row.inForce === null ? '' : `, in force ${String(row.inForce)}`}. ${row.explanation}`,
          )
          .join('\n');
        return { json: answer, text, exit: answer.asExpected ? exit.done : exit.negative };
      },
    },
  ];
}

/** Commands that read: they work from the package's own files. `sources` walks every legal reference of the program. */
export function readCommands(treaties: Treaties, sources?: SourcesOptions): Command<Context>[] {
  const walk: Command<Context> = {
    module: 'treaties',
    verb: 'sources',
    summary: 'Resolves every legal reference in rules, tests and definitions to its place in the texts',
    needs: 'files',
    run: async () => {
      const answer = walkSources({
        ...sources,
        names: treaties.facts().names,
        instruments: treaties.facts().instruments,
      });
      const text = [
        ...answer.found.map((one) => `${one.provision}: ${one.opening}  (${one.files.join(', ')})`),
        ...answer.missing.map((one) => `NOT FOUND ${one.provision}  (${one.files.join(', ')})`),
        ...(answer.texts.length === 0
          ? ['The texts are not installed here: nothing was resolved. Import a reference pack with treaty texts.']
          : []),
        `${String(answer.found.length)} found, ${String(answer.missing.length)} not found, ${String(answer.elsewhere.length)} of instruments without a text here`,
      ].join('\n');
      return { json: answer, text, exit: answer.missing.length > 0 ? exit.negative : exit.done };
    },
  };
  return [...reads(treaties).map((command) => withNode(treaties, command)), walk];
}

/** Answers come from the shipped files; with `--node` also from what this node accepted and entered. */
function withNode(treaties: Treaties, command: Command<Context>): Command<Context> {
  return {
    ...command,
    options: {
      ...command.options,
      node: { summary: 'Also read what this node accepted and entered; opens its database' },
    },
    run: async (call) => {
      if (call.switches.has('node')) await treaties.refresh(call.ctx);
      return command.run(call);
    },
  };
}
