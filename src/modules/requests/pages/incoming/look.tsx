import { StatusMark, type MarkName, type Tone, type View } from '../../../../web/index.ts';
import type { IncomingStatus } from '../../schema/index.ts';

const looks: Record<IncomingStatus, { mark: MarkName; tone: Tone }> = {
  received: { mark: 'new', tone: 'accent' },
  registered: { mark: 'half', tone: 'accent' },
  assessed: { mark: 'half', tone: 'accent' },
  'information-asked': { mark: 'waiting', tone: 'plain' },
  'conditions-proposed': { mark: 'waiting', tone: 'plain' },
  forwarded: { mark: 'court', tone: 'plain' },
  'in-execution': { mark: 'court', tone: 'plain' },
  consultation: { mark: 'half', tone: 'warning' },
  postponed: { mark: 'waiting', tone: 'warning' },
  executed: { mark: 'approve', tone: 'accent' },
  'results-sent': { mark: 'out', tone: 'success' },
  refused: { mark: 'no', tone: 'muted' },
  'returned-unexecuted': { mark: 'no', tone: 'muted' },
  withdrawn: { mark: 'no', tone: 'muted' },
  closed: { mark: 'done', tone: 'muted' },
};

export function IncomingStatusMark({ view, status }: { view: View; status: IncomingStatus }) {
  return <StatusMark {...looks[status]}>{view.t.code(`requests.incoming-status.${status}`)}</StatusMark>;
}
