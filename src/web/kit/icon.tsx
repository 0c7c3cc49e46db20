/** Own outlines, 24 × 24, stroke 1.5: lines and arcs of plain geometry. */
const outlines = {
  desk: ['M3 13h5l1.5 3h5l1.5-3h5', 'M5.5 5h13L21 13v6H3v-6z'],
  requests: ['M8 3.5h8L20.5 8v9.5H8z', 'M16 3.5V8h4.5', 'M8 6.5H4v14h12v-3'],
  authorities: ['M3 21h18', 'M4 9.5h16L12 3.5z', 'M6.5 12.5v5.5', 'M12 12.5v5.5', 'M17.5 12.5v5.5'],
  law: ['M12 3v18', 'M7.5 21h9', 'M4 6.5h16', 'M3 14l3-7 3 7a3 3 0 0 1-6 0z', 'M15 14l3-7 3 7a3 3 0 0 1-6 0z'],
  knowledge: ['M12 6v15', 'M12 6c-2-2-5-2.5-9-2v14c4-.5 7 0 9 3 2-3 5-3.5 9-3V4c-4-.5-7 0-9 2z'],
  intelligence: [
    'M12 6v12M6 12h12M10.6 5.4 5.4 10.6M18.6 13.4l-5.2 5.2',
    'M12 2.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z',
    'M12 18.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z',
    'M4 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z',
    'M20 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z',
  ],
  assets: [
    'M3.5 4.5h17v15h-17z',
    'M6 19.5v2M18 19.5v2',
    'M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
    'M12 8.5V6.5M12 15.5v2M8.5 12h-2M15.5 12h2',
  ],
  review: ['M9 3h6v3.5H9z', 'M9 4.5H5v16.5h14V4.5h-4', 'M8.5 14l2.5 2.5 4.5-5'],
  mandates: [
    'M6 3.5h11v14',
    'M9.5 8h4M9.5 12h4',
    'M9 17.5h12v1a2.5 2.5 0 0 1-2.5 2.5h-12A2.5 2.5 0 0 0 9 18.5z',
    'M6.5 21A2.5 2.5 0 0 1 4 18.5V6a2.5 2.5 0 0 1 2.5-2.5',
  ],
  evidence: ['M12 3l8 4v6c0 4-3.5 6.5-8 8-4.5-1.5-8-4-8-8V7z', 'M8.5 12l2.5 2.5 4.5-5'],
  approvals: ['M4 20.5h16M5.5 17h13v-2.5l-4-1.5c-1-2 1-3.5 1-6a3.5 3.5 0 0 0-7 0c0 2.5 2 4 1 6l-4 1.5z'],
  deadlines: ['M12 4a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z', 'M12 8v4.5l3 2', 'M9.5 1.5h5'],
  oversight: [
    'M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 6.5S5 16.5 2.5 12z',
    'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  ],
  system: ['M3.5 4.5h17v6h-17zM3.5 13.5h17v6h-17z', 'M7 7.5h.01M7 16.5h.01M11 7.5h6M11 16.5h6'],
  outbox: ['M21 3 2.5 10l7 4.5zM21 3l-6.5 18-5-6.5', 'M21 3 9.5 14.5'],
  recent: ['M3.5 12a8.5 8.5 0 1 0 2.5-6', 'M3.5 3.5V8H8', 'M12 7.5V12l3.5 2'],
  saved: ['M6 3.5h12v17l-6-4-6 4z'],
  home: ['M3.5 11 12 4l8.5 7', 'M5.5 9.5v11h13v-11', 'M10 20.5v-6h4v6'],
  search: ['M10.5 3.5a7 7 0 1 0 0 14 7 7 0 0 0 0-14z', 'M15.5 15.5l5 5'],
  plus: ['M12 5v14M5 12h14'],
  bell: ['M10 20.5a2.2 2.2 0 0 0 4 0', 'M3.5 17c2-2.5 2.5-4 2.5-8a6 6 0 0 1 12 0c0 4 .5 5.5 2.5 8z'],
  person: ['M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z', 'M4 21c.5-4 3.5-6 8-6s7.5 2 8 6'],
  language: ['M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z', 'M3.5 12h17', 'M12 3.5c-5 5-5 12 0 17 5-5 5-12 0-17z'],
  back: ['M19 12H5', 'M11 5.5 4.5 12l6.5 6.5'],
  forward: ['M5 12h14', 'M13 5.5l6.5 6.5-6.5 6.5'],
  down: ['M6 9.5l6 6 6-6'],
  close: ['M5.5 5.5l13 13M18.5 5.5l-13 13'],
  print: ['M7 8V3.5h10V8', 'M7 17H3.5V8h17v9H17', 'M7 14h10v6.5H7z'],
  download: ['M12 3.5v12', 'M6.5 10.5l5.5 5.5 5.5-5.5', 'M4 20.5h16'],
  upload: ['M12 16V4', 'M6.5 9.5 12 4l5.5 5.5', 'M4 20.5h16'],
  copy: ['M8.5 8.5h12v12h-12z', 'M15.5 8.5v-5h-12v12h5'],
  passkey: ['M8 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z', 'M12.5 12H21v4M17 12v3'],
  calendar: ['M4 5.5h16v15H4zM4 10h16M8.5 3v4M15.5 3v4'],
  file: ['M5.5 3h9l4 4v14h-13z', 'M14.5 3v4h4'],
  phone: ['M5 3.5h4l1.5 5-2.5 2c1 2.5 3 4.5 5.5 5.5l2-2.5 5 1.5v4c0 1-1 1.5-2 1.5C11 20 4 13 3.5 5.5c0-1 .5-2 1.5-2z'],
  help: [
    'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
    'M9.5 9.5c.2-1.5 1.2-2.3 2.6-2.3 1.5 0 2.5.9 2.5 2.2 0 2-2.6 2-2.6 4',
    'M12 16.5h.01',
  ],
  people: [
    'M9 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
    'M2.5 20c.5-3.5 3-5.5 6.5-5.5s6 2 6.5 5.5',
    'M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 15c2.2.7 3.6 2.4 4 5',
  ],
  lock: ['M5 10.5h14v10H5z', 'M8 10.5V8a4 4 0 0 1 8 0v2.5', 'M12 14.5v2'],
} as const;

export type IconName = keyof typeof outlines;
const turning: ReadonlySet<string> = new Set(['back', 'forward', 'outbox', 'requests', 'mandates']);

export function isIcon(name: string): name is IconName {
  return name in outlines;
}

/** An outline beside its word. An unknown name draws the plain sheet, so that a rail entry never lacks its place. */
export function Icon({ name, size = 18 }: { name: string; size?: number }) {
  const paths = isIcon(name) ? outlines[name] : outlines.file;
  return (
    <svg
      class={turning.has(name) ? 'icon icon-flip' : 'icon'}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      aria-hidden="true"
      focusable="false"
    >
      {paths.map((d) => (
        <path d={d} />
      ))}
    </svg>
  );
}

/** Shapes of status, 14 × 14: the shape says it first, colour and word repeat it. */
export type MarkName =
  | 'new'
  | 'urgent'
  | 'open'
  | 'half'
  | 'done'
  | 'tick'
  | 'alert'
  | 'waiting'
  | 'no'
  | 'blocked'
  | 'unknown'
  | 'court'
  | 'approve'
  | 'in'
  | 'out'
  | 'sealed';

const stroke = { fill: 'none', stroke: 'currentColor', 'stroke-width': '1.5' };

export function Mark({ name }: { name: MarkName }) {
  return (
    <svg
      class={name === 'in' || name === 'out' ? 'mark icon-flip' : 'mark'}
      width={14}
      height={14}
      viewBox="0 0 14 14"
      aria-hidden="true"
      focusable="false"
    >
      {shape(name)}
    </svg>
  );
}

function shape(name: MarkName) {
  switch (name) {
    case 'new':
      return <path d="M7 1.9 12.1 7 7 12.1 1.9 7z" {...stroke} />;
    case 'urgent':
      return <path d="M7 .8 13.2 7 7 13.2.8 7z" fill="currentColor" />;
    case 'open':
      return <circle cx="7" cy="7" r="5.25" {...stroke} />;
    case 'half':
      return (
        <>
          <circle cx="7" cy="7" r="5.25" {...stroke} />
          <path d="M7 1.75a5.25 5.25 0 0 1 0 10.5z" fill="currentColor" />
        </>
      );
    case 'done':
      return (
        <>
          <circle cx="7" cy="7" r="6" fill="currentColor" />
          <path class="hole" d="M4.2 7.2l2 2 3.7-4.2" fill="none" stroke-width="1.5" />
        </>
      );
    case 'tick':
      return <path d="M2.5 7.5l3 3 6-7" fill="none" stroke="currentColor" stroke-width="1.8" />;
    case 'alert':
      return (
        <>
          <path d="M7 1.5 13 12.3H1z" {...stroke} stroke-linejoin="round" />
          <path d="M7 5.4v3.2M7 10v.9" stroke="currentColor" stroke-width="1.4" />
        </>
      );
    case 'waiting':
      return <path d="M4.5 2.5v9M9.5 2.5v9" stroke="currentColor" stroke-width="1.8" />;
    case 'no':
      return (
        <>
          <rect x="1.9" y="1.9" width="10.2" height="10.2" {...stroke} />
          <path d="M4.5 9.5l5-5" stroke="currentColor" stroke-width="1.5" />
        </>
      );
    case 'blocked':
      return <path d="M3 7h8" stroke="currentColor" stroke-width="1.5" />;
    case 'unknown':
      return <circle cx="7" cy="7" r="5.25" {...stroke} stroke-dasharray="2.2 1.9" />;
    case 'court':
      return <path d="M1.5 12h11M3 12V6.5M7 12V6.5M11 12V6.5M1.5 5 7 1.6 12.5 5z" {...stroke} />;
    case 'approve':
      return <path d="M2 12.2h10M4 9.5h6l-1.4-3a2 2 0 1 0-3.2 0z" {...stroke} stroke-linejoin="round" />;
    case 'in':
      return <path d="M12 7H3M6.5 3.2 2.7 7l3.8 3.8" {...stroke} />;
    case 'out':
      return <path d="M2 7h9M7.5 3.2 11.3 7l-3.8 3.8" {...stroke} />;
    case 'sealed':
      return (
        <>
          <rect x="2.2" y="6.2" width="9.6" height="6.3" {...stroke} />
          <path d="M4.5 6V4.3a2.5 2.5 0 0 1 5 0V6" {...stroke} />
        </>
      );
  }
}

/** The mark of the product: two sides of equal right, engraved, facing each other over a ruled gutter. */
export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg
      class="brand-mark"
      width={size}
      height={size}
      viewBox="0 0 28 28"
      fill="none"
      stroke="currentColor"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M11.5 2.3a12 12 0 0 0 0 23.4M11.5 6.3a8.1 8.1 0 0 0 0 15.4M11.5 10.3a4.5 4.5 0 0 0 0 7.4" />
      <path d="M16.5 2.3a12 12 0 0 1 0 23.4M16.5 6.3a8.1 8.1 0 0 1 0 15.4M16.5 10.3a4.5 4.5 0 0 1 0 7.4" />
      <path class="brand-rule" d="M13 1.5v25M15 1.5v25" />
    </svg>
  );
}
