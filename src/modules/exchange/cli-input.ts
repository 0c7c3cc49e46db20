import { readFileSync } from 'node:fs';
import type { CliCall } from '../../platform/cli/index.ts';
import { Invalid } from '../../platform/errors.ts';
import { PlainDate } from '../../platform/values/index.ts';
import { MessageId } from './schema.ts';

/** A positional argument. @throws Invalid `cli.argument-needed` that names it */
export function argument<C>(call: Pick<CliCall<C>, 'args'>, place: number, name: string): string {
  const given = call.args[place];
  if (given === undefined) throw new Invalid('cli.argument-needed', { params: { argument: name } });
  return given;
}

/** The id of a message. @throws Invalid `cli.argument-needed`, `exchange.bad-message-id` */
export function messageArgument<C>(call: Pick<CliCall<C>, 'args'>, place = 0): MessageId {
  const given = argument(call, place, 'MESSAGE');
  const read = MessageId.safeParse(given);
  if (!read.success) throw new Invalid('exchange.bad-message-id', { params: { id: given.slice(0, 80) } });
  return read.data;
}

/** A day given to an option. @throws Invalid `log.bad-day` that names the option */
export function readDay(option: string, text: string): PlainDate {
  const day = PlainDate.safeParse(text);
  if (!day.success) throw new Invalid('log.bad-day', { params: { option } });
  return day.data;
}

/** The text of a file; `-` is standard input. @throws Invalid `log.no-such-file` that names it */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new Invalid('log.no-such-file', { params: { file }, cause });
  }
}
