import type { AddressInfo, Server, Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

/** In PEM. */
export interface TlsIdentity {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

/** Gives the port. @throws a system error if it can't be had */
export const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

/** Takes no more connections and resolves when all have ended. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
  });

/** The client did not go through with TLS. */
export class HandshakeBroken extends Error {
  override readonly name = 'HandshakeBroken';
}

/** @throws HandshakeBroken */
export const upgradeToTls = (socket: Socket, tls: TlsIdentity): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(tls) });
    secured.once('secure', () => resolve(secured));
    secured.once('error', (cause) => reject(new HandshakeBroken('The TLS handshake failed', { cause })));
    secured.once('close', () => reject(new HandshakeBroken('The TLS handshake was broken off')));
  });
