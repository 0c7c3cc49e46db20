import { Button, type View } from '../../../../web/index.ts';

/** Touching a passkey over exactly what the form round it sends; hidden without scripts, where the second method stands. */
export function PasskeyButton({ view, options, label }: { view: View; options: unknown; label: string }) {
  const { t } = view;
  return (
    <>
      <input type="hidden" name="passkey" value="" />
      <comity-passkey
        hidden
        data-inline={JSON.stringify(options)}
        data-kind="get"
        data-wait={t('work.sign-passkey-wait')}
        data-failed={t('work.sign-passkey-failed')}
        data-none={t('work.sign-passkey-failed')}
      >
        <Button kind="main" type="button" icon="passkey">
          {label}
        </Button>
        <p class="passkey-words" role="status" />
      </comity-passkey>
    </>
  );
}
