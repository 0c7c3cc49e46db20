import type { View } from '../../../web/index.ts';
import type { Piece, ShownUnit } from '../provision.ts';
import { fromEId } from '../citations/index.ts';
import { provisionHref } from './address.ts';
import { directionOfUnit } from './words.tsx';

function Pieces({ pieces, own }: { pieces: readonly Piece[]; own: (work: string) => boolean }) {
  return (
    <>
      {pieces.map(({ text, target }) =>
        // A work whose text is not here has no page; its name stays plain.
        target && own(target.work) ? <a href={provisionHref(target.work, target.eId)}>{text}</a> : text,
      )}
    </>
  );
}

/** The number printed before a unit: `15.` of a paragraph, nothing of an article without numbers. */
function markOf(eId: string | undefined): string {
  const path = fromEId(eId ?? '');
  if (path) return path.length === 2 && /^\d/.test(path[1] ?? '') ? `${path[1] ?? ''}.` : '';
  const [, number = ''] = /^para_([^_]+)$/.exec(eId ?? '') ?? [];
  return number === '' ? '' : `${number}.`;
}

/** The words of a provision as its text sets them: number, chapeau, items by level. What it cites is a link. */
export function ProvisionText({
  view: _view,
  shown,
  holds,
}: {
  view: View;
  shown: readonly ShownUnit[];
  holds: (work: string) => boolean;
}) {
  const [first] = shown;
  if (!first) return null;
  return (
    <div class="provision-text" lang={first.unit.language} dir={directionOfUnit(first.unit)}>
      {shown.map(({ unit, lines }) => (
        <div class="provision-para" id={unit.eId}>
          <span class="treaty-mark">{markOf(unit.eId)}</span>
          <div>
            {lines.map((line) => (
              <div
                class={`provision-line depth-${Math.min(line.depth, 4)}`}
                id={line.mark === null ? undefined : line.eId}
              >
                {line.mark === null ? null : <span class="treaty-mark">({line.mark})</span>}
                <div>
                  <Pieces pieces={line.pieces} own={holds} />
                </div>
              </div>
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
