import type { CliAnswer, CliCall, Command } from '../../platform/cli/index.ts';
import { Invalid } from '../../platform/errors.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import { addDays, Instant, PlainDate } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import { toDeadlineCalendar } from './deadline-calendar.ts';
import type { IncomingRequests, Requests } from './service/index.ts';

type Call = CliCall<Context>;

/** What the commands of the desk need. */
export interface DeskCommandNeeds {
  requests: () => Requests;
  incoming: () => IncomingRequests;
  words: (locale: Context['locale']) => Translate;
}

/** What is to be done with a request: exactly one of the options. */
function changeOf({ options }: Call): { assign: string } | { waitUntil: PlainDate | null } | 'undo' {
  const given = ['assign', 'wait-until', 'take-up', 'undo'].filter((one) => options[one] !== undefined);
  const [only] = given;
  if (only === undefined || given.length > 1) throw new Invalid('requests.one-desk-act');
  if (only === 'undo') return 'undo';
  if (only === 'take-up') return { waitUntil: null };
  if (only === 'assign') return { assign: options['assign'] ?? '' };
  const day = PlainDate.safeParse(options['wait-until']);
  if (!day.success) throw new Invalid('values.bad-date');
  return { waitUntil: day.data };
}

async function handOn(call: Call, needs: DeskCommandNeeds): Promise<CliAnswer> {
  const [given = ''] = call.args;
  const found = await needs.incoming().sideOf(call.ctx, given);
  const side = found?.side === 'incoming' ? needs.incoming() : needs.requests();
  const reference = found?.reference ?? given;
  const change = changeOf(call);
  const { owner, waitingUntil } =
    change === 'undo'
      ? await side.undoDesk(call.ctx, reference)
      : 'assign' in change
        ? await side.assign(call.ctx, reference, change.assign)
        : await side.waitUntil(call.ctx, reference, change.waitUntil);
  return {
    json: { kind: 'requests.desk-state', version: 1, reference, owner, waitingUntil },
    text: `${reference}  ${owner ?? '-'}  ${waitingUntil ?? '-'}`,
  };
}

async function deadlines(call: Call, needs: DeskCommandNeeds): Promise<CliAnswer> {
  const t = needs.words(call.ctx.locale);
  const days = Number(call.options['days'] ?? 90);
  const found = await needs.requests().deadlines(call.ctx, { until: addDays(call.ctx.today(), days) });
  const lines = found.map(
    (one) =>
      `${one.dueAt}  ${one.reference}  ${t.code(`requests.clock.${one.clock}`)}${one.item ? ` ${one.item}` : ''}${one.paused ? `  ${t('thread.clock-paused')}` : ''}`,
  );
  return {
    json: { kind: 'requests.deadlines', version: 1, deadlines: found },
    text:
      call.options['ical'] === undefined
        ? lines.join('\n')
        : toDeadlineCalendar(t, found, Instant.parse(call.ctx.clock.now()), call.ctx.zone),
  };
}

/** Commands of the desk, for requests of either side. */
export function deskCommands(needs: DeskCommandNeeds): Command<Context>[] {
  return [
    {
      module: 'requests',
      verb: 'desk',
      usage: 'REF',
      needs: 'node',
      summary: 'Gives a request to somebody, puts it aside until a day, or takes the last of these back',
      options: {
        assign: { value: 'PERSON-ID', summary: 'Member of its case file who gets it' },
        'wait-until': { value: 'YYYY-MM-DD', summary: 'Puts it aside until this day' },
        'take-up': { summary: 'Takes it up again' },
        undo: { summary: 'Takes the last of these back' },
      },
      run: (call) => handOn(call, needs),
    },
    {
      module: 'requests',
      verb: 'deadlines',
      needs: 'node',
      summary: 'Lists every term that ends within some days, overdue ones too, of both sides',
      options: {
        days: { value: '90', summary: 'Days ahead' },
        ical: { summary: 'As iCalendar: kinds of terms and references, no names' },
      },
      run: (call) => deadlines(call, needs),
    },
  ];
}
