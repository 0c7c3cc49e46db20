import { spawnSync } from 'node:child_process';

const packages: Record<string, string> = {
  qpdf: 'qpdf',
  pdffonts: 'poppler-utils',
  pdftotext: 'poppler-utils',
  unzip: 'unzip',
  strace: 'strace',
  setpriv: 'util-linux',
  mount: 'mount',
  'pkcs11-tool': 'opensc',
  'softhsm2-util': 'softhsm2',
  python3: 'python3',
  basenc: 'coreutils',
};

/** Fails with the name of the Debian package when a tool is not here: a lane never passes by leaving something out. */
export function need(tool: string): string {
  const found = spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' });
  if (found.status !== 0) throw new Error(`${tool} is missing: apt-get install ${packages[tool] ?? tool}`);
  return found.stdout.trim();
}

/** Runs a tool to its end and answers what it said. */
export function use(tool: string, args: string[]): { status: number | null; out: string } {
  need(tool);
  const done = spawnSync(tool, args, { encoding: 'utf8' });
  return { status: done.status, out: `${done.stdout}${done.stderr}` };
}
