import { raw } from 'hono/html';
import { rosetteSvg } from '../rosette.ts';
import type { View } from '../view.ts';

export interface RosetteProps {
  view: View;
  /** SHA-256 of the canonical document, or of a node's public key: 64 lower-case hex digits. */
  hash: string;
  /** What it stands for: a reference, a node. Hidden from assistive technology without it. */
  of?: string;
  size?: 'mini' | 'full';
  /** One letter or digit where one page shows the same hash twice. */
  once?: string;
}

/** The figure of a document: a memory aid beside its reference, never the check. */
export function Rosette({ view, hash, of, size = 'full', once }: RosetteProps) {
  return <>{raw(rosetteSvg(hash, { size, key: once, label: of ? view.t('web.rosette', { of }) : undefined }))}</>;
}

export interface RingSealProps {
  view: View;
  hash: string;
  /** Name of the authority, set in the ring. */
  name: string;
}

/** A typographic seal: the authority's name in a ring round the rosette. Scripts that join their letters stand below instead. */
export function RingSeal({ view, hash, name }: RingSealProps) {
  const inRing = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{P}\p{N}\s]*$/u.test(name);
  const text = `${name.toLocaleUpperCase(view.locale)} · `;
  const circumference = 2 * Math.PI * 80;
  const size = Math.min(13, circumference / (text.length * 0.82)).toFixed(1);
  return (
    <figure class="seal-figure">
      <svg
        class="ringseal"
        width={320}
        height={320}
        viewBox="0 0 200 200"
        fill="none"
        stroke="currentColor"
        role="img"
        aria-label={view.t('web.seal-of', { name })}
      >
        <circle class="ring-line" cx="100" cy="100" r="97" />
        <circle class="ring-line" cx="100" cy="100" r="94.5" />
        <circle class="ring-line" cx="100" cy="100" r="72" />
        {inRing ? (
          <>
            <path id="seal-ring" d="M100 20a80 80 0 0 1 0 160a80 80 0 0 1 0-160" fill="none" stroke="none" />
            <text class="ring-text" font-size={size}>
              <textPath href="#seal-ring" textLength={circumference.toFixed(1)} lengthAdjust="spacing">
                {text}
              </textPath>
            </text>
          </>
        ) : (
          Array.from({ length: 60 }, (_, index) => (
            <circle
              class="ring-dot"
              cx={(100 + 83 * Math.cos((index * Math.PI) / 30)).toFixed(2)}
              cy={(100 + 83 * Math.sin((index * Math.PI) / 30)).toFixed(2)}
              r={index % 5 === 0 ? '1.6' : '0.7'}
            />
          ))
        )}
        <g transform="translate(38.56 38.56) scale(1.28)">{raw(rosetteSvg(hash, { size: 'full', key: 's' }))}</g>
      </svg>
      {inRing ? null : <figcaption>{name}</figcaption>}
    </figure>
  );
}
