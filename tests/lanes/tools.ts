import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

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

/** Processes of the node's PostgreSQL. */
export function serverPids(postmaster: number): number[] {
  const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = found.filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(postmaster);
    } catch {
      return false;
    }
  });
  return [postmaster, ...children.map(Number)];
}
