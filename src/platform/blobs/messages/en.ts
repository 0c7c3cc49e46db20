export const en = {
  'blobs.missing': 'A stored file is missing. Restore it from a backup. Tell the administrator.',
  'blobs.damaged': 'A stored file differs from its hash and is not handed out. Tell the administrator.',
  'blobs.not-writable': 'Files cannot be stored now: {detail}',
} as const;
