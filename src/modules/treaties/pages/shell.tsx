import { Page, PublicPage, type View } from '../../../web/index.ts';

type Props = Pick<
  Parameters<typeof Page>[0],
  'title' | 'error' | 'head' | 'side' | 'sideLabel' | 'children' | 'reference'
> & {
  view: View;
};

/** A law page: with the rail for people signed in, open to everyone else. */
export function LawPage(props: Props) {
  return props.view.person ? <Page {...props} current="law" /> : <PublicPage {...props} />;
}
