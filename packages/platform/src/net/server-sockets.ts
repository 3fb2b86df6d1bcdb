import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';

/** In PEM. */
export interface TlsIdentity {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

/** Turns an accepted connection into the one that is served: itself, or a line with faults. */
export type Line = (socket: Socket) => Duplex;

/** Where clients come in. */
export interface Door {
  readonly port: number;
  /** Lets nobody in any more; does not touch those who are. */
  close(): Promise<void>;
}

/**
 * Listens in place of `server`, which gets each connection as if it had accepted it. Clients may close their side and still wait for answers.
 * @throws a system error if the port can't be had
 */
export const openDoor = (
  server: Server,
  host: string,
  port: number,
  line: Line,
  maxConnections = Number.POSITIVE_INFINITY,
): Promise<Door> =>
  new Promise((resolve, reject) => {
    const door = createServer({ allowHalfOpen: true }, (socket) => {
      server.emit('connection', line(socket));
    });
    if (maxConnections !== Number.POSITIVE_INFINITY) door.maxConnections = maxConnections;
    door.once('error', reject);
    door.listen(port, host, () => {
      door.removeListener('error', reject);
      resolve({
        port: (door.address() as AddressInfo).port,
        close: () => new Promise((closed) => door.close(() => closed())),
      });
    });
  });

/** The client did not go through with TLS. */
export class HandshakeBroken extends Error {
  override readonly name = 'HandshakeBroken';
}

/** @throws HandshakeBroken */
export const upgradeToTls = (socket: Duplex, tls: TlsIdentity): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(tls) });
    secured.once('secure', () => resolve(secured));
    secured.once('error', (cause) => reject(new HandshakeBroken('The TLS handshake failed', { cause })));
    secured.once('close', () => reject(new HandshakeBroken('The TLS handshake was broken off')));
  });
