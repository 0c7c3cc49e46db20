import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, programOf } from './pair.ts';

/** The built program of a node, as `node dist/main.js` runs it. */
export interface Program {
  port: number;
  origin: string;
  child: ChildProcess;
  /** Most memory since it began, MiB. */
  most(): number;
  stop(): Promise<void>;
}

export async function startProgram(settings: Record<string, string>): Promise<Program> {
  const port = await freePort();
  const child = spawn(process.execPath, [programOf('main')], {
    env: { PATH: process['env'].PATH ?? '', ...settings, COMITY_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const origin = `http://localhost:${port}`;
  const began = performance.now();
  const isReady = () =>
    talkTo({ port, origin })
      .send('GET', '/readyz')
      .then(({ status }) => status === 200)
      .catch(() => false);
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`The node ended with ${child.exitCode} at its start`);
    if (performance.now() - began > 120_000) throw new Error('The node was not ready after two minutes');
    await pause(100);
  }
  return {
    port,
    origin,
    child,
    most: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export interface Heard {
  status: number;
  text: string;
  headers: Record<string, string | string[] | undefined>;
}

/** Speaks to a node as one person, with the cookies that it gets. */
export interface Talk {
  send(method: string, path: string, headers?: Record<string, string>, body?: string | Uint8Array): Promise<Heard>;
  /** Signs in by a one-time link of a sample person. */
  enter(link: string): Promise<void>;
  /** The proof that a form of this session carries. */
  csrf(): Promise<string>;
  /** The header of its cookies. */
  cookie(): string;
  close(): void;
}

const hidden = (html: string, name: string) =>
  /value="([^"]*)"/.exec(new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0] ?? '')?.[1] ?? '';

export function talkTo({ port, origin }: { port: number; origin: string }): Talk {
  const agent = new Agent({ keepAlive: true });
  const cookies = new Map<string, string>();
  const cookieHeader = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const talk: Talk = {
    cookie: cookieHeader,
    send: (method, path, headers = {}, body) =>
      new Promise((resolve, reject) => {
        const cookie = cookieHeader();
        const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
        const all = { Host: new URL(origin).host, ...(cookie === '' ? {} : { Cookie: cookie }), ...length, ...headers };
        const outgoing = request({ host: '127.0.0.1', port, method, path, headers: all, agent }, (incoming) => {
          for (const one of incoming.headers['set-cookie'] ?? []) {
            const [name = '', value = ''] = (one.split('; ')[0] ?? '').split(/=(.*)/s);
            cookies.set(name, value);
          }
          let text = '';
          incoming.setEncoding('utf8').on('data', (piece: string) => (text += piece));
          incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text, headers: incoming.headers }));
          incoming.on('error', reject);
        });
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    async enter(link) {
      const page = await talk.send('GET', link);
      const form = new URLSearchParams({ _csrf: hidden(page.text, '_csrf') }).toString();
      const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const { status } = await talk.send('POST', link, type, form);
      if (status !== 303) throw new Error(`The link did not sign in: ${status}`);
    },
    csrf: async () => hidden((await talk.send('GET', '/profile')).text, '_csrf'),
    close: () => agent.destroy(),
  };
  return talk;
}
