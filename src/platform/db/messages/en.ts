export const en = {
  'db.folder-in-use':
    'A node already runs on the folder {folder} (process {pid}). Stop it first, or choose another folder.',
  'db.not-running': 'The node on this folder is starting or stopping. Try again in a minute.',
  'db.not-starting': 'PostgreSQL does not start. Its last words: {detail}',
  'db.no-binaries': 'No PostgreSQL is included for {platform}. Set DATABASE_URL to a PostgreSQL server.',
  'db.no-place-for-binaries':
    'There is no folder in which to keep a copy of PostgreSQL that an unprivileged account can read.',
  'db.no-unprivileged-user':
    'PostgreSQL does not run as root, and no other account exists. Start the node as an ordinary user.',
  'db.other-postgres-version':
    'The data were written by PostgreSQL {stored}; this build brings {program}. Back up with the older build and restore here.',
  'db.unsafe-socket-folder': 'The folder {folder} belongs to somebody else or is open to others. Remove it.',
  'db.server-not-reached': 'The database server cannot be reached: {detail}',
  'db.server-too-old': 'The database server is PostgreSQL {version}. Comity needs 15 to 18.',
  'db.no-role': 'The database user may not prepare the roles Comity needs: {detail}',
  'db.newer-than-build': 'The data were written by a newer Comity ({migrations}). Start that version, or a later one.',
  'db.older-than-build': 'The running node is of an older build ({migrations} missing). Use its own command line.',
  'db.migration-edited': 'A change of the database was edited after it ran: {migrations}. Restore the original file.',
  'db.migration-failed': 'The change {migration} of the database did not finish and was undone: {detail}',
  'db.owner-cannot-read-all':
    'The role comity_owner may not read past row-level security. Let an administrator run: ALTER ROLE comity_owner BYPASSRLS.',
  'db.backup-unreadable': 'The backup cannot be read, or its key is another.',
  'db.backup-damaged': 'The backup is damaged: {part} differs from its list of contents.',
  'db.damaged':
    'A part of the database is damaged on the disk. Nothing of it is shown. An administrator runs comity verify, and restores the newest backup from before the damage.',
  'db.restore-not-empty': 'Restore needs an empty folder and database. This one holds data.',
} as const;
