import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '../../platform/db/index.ts';
import { failureCode } from '../../platform/jobs/index.ts';
import type { Log } from '../../platform/log.ts';

/** A loop that works while there is work, sleeps when there is none, and is woken. */
export interface Loop {
  wake(): void;
  /** Resolves when the piece in hand is done. */
  stop(): Promise<void>;
}

/**
 * @param work does one piece; answers whether there was any
 * @param every looks again after so many milliseconds without being woken
 */
export function startLoop(name: string, log: Log, every: number, work: () => Promise<boolean>): Loop {
  const stopping = new AbortController();
  let sleeping = new AbortController();
  let woken = false;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false;
      sleeping = new AbortController();
      try {
        if (await work()) continue;
      } catch (error) {
        log.error({ event: 'exchange.loop-failed', loop: name, code: failureCode(error) });
        // A database that is away is not asked again at once.
        await pause(1_000, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      }
      if (woken) continue;
      const signal = AbortSignal.any([sleeping.signal, stopping.signal]);
      await pause(every, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    wake() {
      woken = true;
      sleeping.abort();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Hears a channel of the database again and again, whatever becomes of the connection. */
export function startListener(connection: Connection, log: Log, channel: string, heard: () => void): Loop {
  let client: Awaited<ReturnType<Connection['client']>> | undefined;
  const loop = startLoop(`listen ${channel}`, log, 5_000, async () => {
    if (client) return false;
    const made = await connection.client();
    made.on('notification', heard);
    made.on('end', () => {
      if (client === made) client = undefined;
    });
    await made.query(`LISTEN ${made.escapeIdentifier(channel)}`);
    client = made;
    heard();
    return false;
  });
  return {
    wake: () => loop.wake(),
    async stop() {
      await loop.stop();
      await client?.end().catch(() => undefined);
    },
  };
}
