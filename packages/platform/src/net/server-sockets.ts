import { constants } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls';

/** In PEM. */
export interface TlsIdentity {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

/** From the first byte to TLS. */
const HANDSHAKE_MS = 15_000;

/** What OpenSSL is told: a renegotiation costs the server far more than the client, and no mail client asks for one. */
export const withTlsOptions = ({ key, cert }: TlsIdentity) => ({ key, cert, secureOptions: constants.SSL_OP_NO_RENEGOTIATION });

/** Turns an accepted connection into the one that is served: itself, or a line with faults. */
export type Line = (socket: Socket) => Duplex;

/** What gets the connections: a server. */
export interface Receiver {
  emit(event: 'connection', connection: Duplex): unknown;
}

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
  server: Receiver,
  host: string,
  port: number,
  line: Line,
  maxConnections = Number.POSITIVE_INFINITY,
  /** Told the address of each client that is shut out by `maxConnections`. */
  onDrop: (address: string) => void = () => {},
): Promise<Door> =>
  new Promise((resolve, reject) => {
    const door = createServer({ allowHalfOpen: true }, (socket) => {
      server.emit('connection', line(socket));
    });
    if (maxConnections !== Number.POSITIVE_INFINITY) door.maxConnections = maxConnections;
    door.on('drop', (dropped) => onDrop(dropped?.remoteAddress ?? ''));
    door.once('error', reject);
    door.listen(port, host, () => {
      door.removeListener('error', reject);
      resolve({
        port: (door.address() as AddressInfo).port,
        close: () => new Promise((closed) => door.close(() => closed())),
      });
    });
  });

export interface TlsDoorOptions {
  readonly host: string;
  readonly port: number;
  readonly line: Line;
  readonly tls: TlsIdentity;
  /** Counts those in their handshake too. */
  readonly limits: { readonly connections: number };
  readonly tellEnd: (address: string | undefined, reason: 'too-many-connections' | 'tls-handshake-failed') => void;
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** A door for TLS from the start. To close it breaks handshakes off. @param accept gets each client that has gone through the handshake */
export const openTlsDoor = async (
  { host, port, line, tls, limits, tellEnd }: TlsDoorOptions,
  accept: (socket: TLSSocket) => void,
): Promise<Door> => {
  /** Nobody else ends them: a client that went away in the middle of it is not noticed before the time for a handshake is over. */
  const inHandshake = new Map<string, Socket>();
  const server = createTlsServer({ ...withTlsOptions(tls), allowHalfOpen: true, handshakeTimeout: HANDSHAKE_MS }, (secured) => {
    inHandshake.delete(peerOf(secured));
    accept(secured);
  });
  server.on('tlsClientError', (_, socket) => {
    tellEnd(socket.remoteAddress, 'tls-handshake-failed');
    // After a time-out Node leaves it open.
    socket.destroy();
  });
  const watched: Line = (socket) => {
    const peer = peerOf(socket);
    inHandshake.set(peer, socket);
    socket.once('close', () => inHandshake.delete(peer));
    return line(socket);
  };
  const door = await openDoor(server, host, port, watched, limits.connections, (address) => tellEnd(address, 'too-many-connections'));
  return {
    port: door.port,
    close: () => {
      const closed = door.close();
      for (const socket of inHandshake.values()) socket.destroy();
      return closed;
    },
  };
};

/** The client did not go through with TLS. */
export class HandshakeBroken extends Error {
  override readonly name = 'HandshakeBroken';
}

/** @throws HandshakeBroken */
export const upgradeToTls = (socket: Duplex, tls: TlsIdentity): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(withTlsOptions(tls)) });
    const timer = setTimeout(() => secured.destroy(), HANDSHAKE_MS);
    secured.once('secure', () => {
      clearTimeout(timer);
      resolve(secured);
    });
    secured.once('error', (cause) => reject(new HandshakeBroken('The TLS handshake failed', { cause })));
    secured.once('close', () => {
      clearTimeout(timer);
      reject(new HandshakeBroken('The TLS handshake was broken off'));
    });
  });
