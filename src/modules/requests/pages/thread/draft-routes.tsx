import { page, redirect, type PageAnswer, type PageCall } from '../../../../platform/http/routes.ts';
import type { Problem } from '../../../../platform/values/index.ts';
import { changesRows, readRows, tidyRows, typedIn, type Typed, type View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { toPrintable } from '../../documents/index.ts';
import type { SharedDraft } from '../../service/index.ts';
import type { CaseParts } from '../case/parts.ts';
import { placeOptions } from '../case/places.ts';
import { pathOf } from '../reply/ask.tsx';
import { languageIn, wordsIn } from '../reply/form.tsx';
import { bothLanguages } from '../work/parts.ts';
import { remarkRow, SharedDraftPage } from './draft.tsx';

type Call = PageCall<Context, View>;

async function printableOf(parts: CaseParts, ctx: Context, draft: SharedDraft) {
  return toPrintable(draft.draft, await parts.printSetting(ctx, draft.draft, bothLanguages, draft.receivedAt));
}

async function draftPage(
  parts: CaseParts,
  { ctx, view, query }: Call,
  draft: SharedDraft,
  typed: Typed,
  problems: readonly Problem[],
): Promise<PageAnswer> {
  const printable = await printableOf(parts, ctx, draft);
  return page(
    <SharedDraftPage
      view={view}
      draft={draft}
      printable={printable}
      places={placeOptions(view, printable)}
      authority={await parts.authorityName(ctx, view, draft.from.authority)}
      mayRemark
      typed={typed}
      problems={problems}
      done={query.done === 'remark'}
    />,
    problems.length > 0 ? 422 : 200,
  );
}

export async function showDraft(parts: CaseParts, call: Call): Promise<PageAnswer> {
  return draftPage(parts, call, await parts.incoming.getDraft(call.ctx, call.params.id ?? ''), {}, []);
}

export async function doRemark(parts: CaseParts, call: Call): Promise<PageAnswer> {
  const { ctx, view } = call;
  const draft = await parts.incoming.getDraft(ctx, call.params.id ?? '');
  const posted = tidyRows(call.form, 'remarks');
  const more = call.form.values._more;
  const typed = { ...typedIn(posted), ...(more ? { _more: more } : {}) };
  if (changesRows(call.form)) return draftPage(parts, call, draft, typed, []);
  const places = placeOptions(view, await printableOf(parts, ctx, draft));
  const rows = readRows(view, remarkRow, posted, 'remarks', {
    choices: { path: places.map((one) => one.value) },
    least: 1,
  });
  if (!rows.ok) return draftPage(parts, call, draft, typed, rows.error);
  const language = languageIn(posted);
  const done = await parts.incoming.remark(
    ctx,
    draft.id,
    rows.value.map(({ path, severity, text }) => ({
      path: pathOf(path),
      severity,
      text: wordsIn(text, language) ?? {},
    })),
  );
  return done.ok ? redirect(`/drafts/${draft.id}?done=remark`) : draftPage(parts, call, draft, typed, done.error);
}
