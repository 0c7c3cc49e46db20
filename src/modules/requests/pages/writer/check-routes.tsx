import { page, redirect, type PageAnswer, type PageCall, type PageRoute } from '../../../../platform/http/routes.ts';
import { problem, type Problem } from '../../../../platform/values/index.ts';
import { typedIn, type Typed, type View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { toPrintable, type PrintLanguage } from '../../documents/index.ts';
import { limits } from '../../schema/index.ts';
import { CheckPage } from './check.tsx';
import { loadWriter, type Loaded, type WriterParts } from './load.ts';
import { placeOfPath, hrefOfProblem, writeHref } from './places.ts';

type Call = PageCall<Context, View>;

const printed: readonly PrintLanguage[] = ['en', 'ar'];

async function show(
  parts: WriterParts,
  { ctx, query }: Call,
  loaded: Loaded,
  problems: readonly Problem[],
  typed: Typed,
): Promise<PageAnswer> {
  const { request } = loaded;
  const check = await parts.requests.check(ctx, request.reference, 'review');
  const original = loaded.env.languages[0];
  const languages = [...printed].sort((a, b) => Number(b === original) - Number(a === original));
  const options = await parts.printSetting(ctx, request.request, languages, request.changedAt);
  const mayReview = request.next.some((one) => one.action === 'submit-for-review' && one.allowed);
  const printable = toPrintable(request.request, options);
  return page(
    CheckPage({ loaded, check, printable, mayReview, problems, typed, saved: query.saved !== undefined }),
    problems.length > 0 ? 422 : 200,
  );
}

function overview(loaded: Loaded): PageAnswer {
  return redirect(`/requests/${encodeURIComponent(loaded.request.reference)}`);
}

/** The reasons typed beside the warnings, in the shape they are stored in. */
function reasonsIn(typed: Typed, by: string): { code: string; at: string; reason: string; by: string }[] {
  return Object.keys(typed).flatMap((name) => {
    const n = /^reason\.(\d+)$/.exec(name)?.[1];
    const reason = (typed[name]?.[0] ?? '').trim();
    if (n === undefined || reason === '') return [];
    return [{ code: typed[`code.${n}`]?.[0] ?? '', at: typed[`at.${n}`]?.[0] ?? '', reason, by }];
  });
}

async function saveReasons(parts: WriterParts, call: Call): Promise<PageAnswer> {
  const { ctx, view, params, form } = call;
  const loaded = await loadWriter(parts, ctx, view, params.reference ?? '', true);
  if (loaded.request.status !== 'draft') return overview(loaded);
  const typed = typedIn(form);
  const reasons = reasonsIn(typed, ctx.actor.kind === 'person' ? ctx.actor.name : '');
  const long = Object.keys(typed).find(
    (name) => name.startsWith('reason.') && (typed[name]?.[0] ?? '').length > limits.line,
  );
  if (long)
    return show(
      parts,
      call,
      loaded,
      [problem('requests.line-too-long', long.split('.'), { params: { limit: limits.line } })],
      typed,
    );
  const outcome = await parts.requests.saveSection(ctx, loaded.request.reference, {
    task: 'check',
    // Reasons stand beside what others write in this task and overwrite nothing of it.
    seen: loaded.request.revision,
    content: { internal: { ...loaded.env.draft.internal, warningReasons: reasons } },
  });
  if (!outcome.ok && 'problems' in outcome.error) return show(parts, call, loaded, outcome.error.problems, typed);
  return redirect(`${writeHref(loaded.request.reference, 'check')}?saved=1`);
}

async function submit(parts: WriterParts, call: Call): Promise<PageAnswer> {
  const { ctx, view, params, form } = call;
  const loaded = await loadWriter(parts, ctx, view, params.reference ?? '', true);
  if (loaded.request.status !== 'draft') return overview(loaded);
  const { reference } = loaded.request;
  const outcome = await parts.requests.act(ctx, reference, 'submit-for-review', {}, form.values.seen?.[0] ?? null);
  if (!outcome.ok) return show(parts, call, loaded, outcome.error, {});
  return redirect(`/requests/${encodeURIComponent(reference)}`);
}

/** The last page before review. */
export function checkRoutes(parts: WriterParts): PageRoute<Context, View>[] {
  const path = '/requests/:reference/write/check';
  const route = { kind: 'page', permission: 'requests.edit' } as const;
  return [
    {
      ...route,
      method: 'get',
      path,
      audit: 'requests.read',
      handler: async (call) => {
        const loaded = await loadWriter(parts, call.ctx, call.view, call.params.reference ?? '', true);
        if (loaded.request.status !== 'draft') return overview(loaded);
        const at = call.query.at?.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
        if (at && placeOfPath(loaded, at)) {
          const href = hrefOfProblem(loaded, problem('writer.check-first', at));
          if (href) return redirect(href);
        }
        return show(parts, call, loaded, [], {});
      },
    },
    { ...route, method: 'post', path, audit: 'requests.edit', handler: (call) => submit(parts, call) },
    {
      ...route,
      method: 'post',
      path: `${path}/reasons`,
      audit: 'requests.edit',
      handler: (call) => saveReasons(parts, call),
    },
  ];
}
