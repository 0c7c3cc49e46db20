import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '../db/index.ts';
import type { Log } from '../log.ts';
import { failureCode } from './backoff.ts';

export interface WorkerParts {
  connection: Connection;
  log: Log;
  /** Channel that wakes the worker. */
  channel: string;
  /** Does one piece of work; answers whether there was any. */
  work(): Promise<boolean>;
  /** Looks again after this many milliseconds without a wake-up; 5000 unless told. */
  every?: number;
}

export interface Worker {
  /** Resolves when wake-ups are heard for the first time. */
  listening: Promise<void>;
  /** Resolves when the piece of work in hand is done. */
  stop(): Promise<void>;
}

/** Works until stopped: at once when woken, and now and then for what became due or whose wake-up was lost. */
export function startWorker({ connection, log, channel, work, every = 5000 }: WorkerParts): Worker {
  const stopping = new AbortController();
  let wake = new AbortController();
  let listener: Awaited<ReturnType<Connection['client']>> | undefined;

  let hears: () => void = () => {};
  const listening = new Promise<void>((resolve) => {
    hears = resolve;
  });

  async function listen(): Promise<void> {
    if (listener) return;
    const client = await connection.client();
    client.on('notification', () => wake.abort());
    client.on('end', () => {
      if (listener === client) listener = undefined;
    });
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    listener = client;
    hears();
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      wake = new AbortController();
      try {
        await listen();
        while (!stopping.signal.aborted && (await work()));
      } catch (error) {
        log.error({ event: 'worker.failed', channel, code: failureCode(error) });
      }
      const signal = AbortSignal.any([wake.signal, stopping.signal]);
      await pause(every, undefined, { signal, ref: false }).catch(() => {});
    }
    await listener?.end().catch(() => {});
  }

  const running = loop();
  return {
    listening,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
