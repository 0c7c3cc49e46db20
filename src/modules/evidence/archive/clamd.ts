import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { ScanAnswer } from '../schema.ts';

export interface Scanner {
  /** Bytes beyond which nothing is sent. */
  limit: number;
  scan(bytes: AsyncIterable<unknown>): Promise<ScanAnswer>;
}

export interface ClamdOptions {
  /** `/run/clamav/clamd.ctl` or `127.0.0.1:3310`. */
  address: string;
  /** Bytes; what clamd has as StreamMaxLength. */
  limit: number;
  /** Milliseconds of silence after which the scanner counts as down; a minute unless told. */
  timeout?: number;
}

function open(address: string): Socket {
  const tcp = /^(.*):(\d{1,5})$/.exec(address);
  return address.startsWith('/') || !tcp ? connect(address) : connect(Number(tcp[2]), tcp[1]);
}

/** Reads the answer of clamd to one INSTREAM. */
export function readClamdAnswer(text: string): ScanAnswer {
  const line = text.replace(/\0.*$/s, '').trim();
  const found = /^stream: (.{1,200}) FOUND$/.exec(line);
  if (found) return { status: 'found', name: found[1] ?? '' };
  if (line === 'stream: OK') return { status: 'clean' };
  return /size limit exceeded/i.test(line) ? { status: 'too-big' } : { status: 'down' };
}

/**
 * The scanner of ClamAV by its socket: a connection for each file, nothing written to a disk.
 * @source clamd(8), command INSTREAM: chunks with a length of four bytes before each, and one of length 0 at the end
 */
export function clamd({ address, limit, timeout = 60_000 }: ClamdOptions): Scanner {
  return {
    limit,
    async scan(bytes) {
      const socket = open(address);
      socket.setTimeout(timeout, () => socket.destroy(new Error('silent')));
      let answer = '';
      const ended = new Promise<ScanAnswer>((resolve) => {
        socket.on('data', (part: Buffer) => {
          answer += part.toString('utf8').slice(0, 1000);
        });
        // An answer that was cut counts as none: it must end as the protocol says.
        socket.on('close', () => resolve(answer.includes('\0') ? readClamdAnswer(answer) : { status: 'down' }));
        socket.on('error', () => {});
      });
      const gone = ended.then(() => undefined);
      const write = async (part: Uint8Array) => {
        if (socket.destroyed || socket.writableEnded) return false;
        if (!socket.write(part)) await Promise.race([once(socket, 'drain'), gone]).catch(() => {});
        return !socket.destroyed;
      };
      try {
        if (await write(Buffer.from('zINSTREAM\0'))) {
          for await (const given of bytes) {
            const part = given as Buffer;
            const length = Buffer.alloc(4);
            length.writeUInt32BE(part.length);
            if (part.length > 0 && !((await write(length)) && (await write(part)))) break;
          }
          await write(Buffer.alloc(4));
        }
        return await ended;
      } catch (error) {
        socket.destroy();
        throw error;
      } finally {
        socket.destroy();
      }
    },
  };
}
