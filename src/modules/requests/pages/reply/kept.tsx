import { page, redirect, type PageAnswer, type PageCall } from '../../../../platform/http/routes.ts';
import { Button, Saved, typedIn, type Typed, type View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { Unsent } from '../../service/index.ts';

type Call = PageCall<Context, View>;
type Keeper = Pick<Unsent, 'keep' | 'find' | 'drop'>;

/** "Saved 10:42", kept current while somebody types. */
export function KeptLine({ view, kept }: { view: View; kept?: string }) {
  return (
    <p class="small">
      <Saved view={view} time={kept} />
    </p>
  );
}

/** Without scripts the words are kept by this button. */
export function SaveForLater({ view }: { view: View }) {
  return (
    <Button name="_later" value="yes">
      {view.t('web.save-and-return')}
    </Button>
  );
}

/** Keeps what stands in the form, when that is all that was asked; undefined when the form is to be sent. */
export async function keepUnsent(
  unsent: Keeper,
  { ctx, form }: Call,
  reference: string,
  place: string,
): Promise<PageAnswer | undefined> {
  const byItself = form.values._autosave !== undefined;
  if (!byItself && form.values._later === undefined) return undefined;
  const { seen: _seen, passkey: _passkey, ...typed } = typedIn(form);
  const given = Object.entries(typed).flatMap(([name, values]) => (values ? [[name, [...values]]] : []));
  await unsent.keep(ctx, reference, place, Object.fromEntries(given) as Record<string, string[]>);
  return byItself ? page('') : redirect(`/requests/${reference}`);
}

/** What was kept, with the time at which it was. */
export async function findUnsent(
  unsent: Keeper,
  { ctx, view }: Call,
  reference: string,
  place: string,
): Promise<{ typed: Typed; kept: string } | undefined> {
  const found = await unsent.find(ctx, reference, place);
  return found && { typed: found.typed, kept: view.formats.time(found.at, ctx.zone) };
}
