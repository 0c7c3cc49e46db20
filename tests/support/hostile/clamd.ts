import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** The test file of all scanners, put together here so that this source is not one. */
export const eicar = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''),
  'latin1',
);

export interface ClamdDouble {
  address: string;
  /** What it does with the next streams. */
  mode: 'works' | 'silent' | 'cuts' | 'nonsense';
  /** Bytes it takes of one stream. */
  limit: number;
  close(): Promise<void>;
}

/** Speaks clamd's INSTREAM as its manual has it, and finds the test file in what it gets. */
export async function clamdDouble(): Promise<ClamdDouble> {
  const sockets = new Set<Socket>();
  const double: ClamdDouble = { address: '', mode: 'works', limit: 1 << 30, close: () => stop(server, sockets) };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let held = Buffer.alloc(0);
    let body = Buffer.alloc(0);
    let greeted = false;
    socket.on('data', (part: Buffer) => {
      held = Buffer.concat([held, part]);
      if (!greeted) {
        if (held.length < 10) return;
        if (held.subarray(0, 10).toString('latin1') !== 'zINSTREAM\0') return void socket.end('UNKNOWN COMMAND\0');
        greeted = true;
        held = held.subarray(10);
        if (double.mode === 'cuts') return void socket.destroy();
      }
      while (held.length >= 4) {
        const length = held.readUInt32BE(0);
        if (length === 0) return answer(socket, double, body);
        if (held.length < 4 + length) return;
        body = Buffer.concat([body, held.subarray(4, 4 + length)]);
        held = held.subarray(4 + length);
        if (body.length > double.limit) return void socket.end('INSTREAM size limit exceeded. ERROR\0');
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  double.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return double;
}

function answer(socket: Socket, double: ClamdDouble, body: Buffer): void {
  if (double.mode === 'silent') return;
  if (double.mode === 'nonsense') return void socket.end('stream: OK');
  socket.end(body.includes(eicar) ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0');
}

async function stop(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => server.close(done));
}
