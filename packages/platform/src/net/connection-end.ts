import type { ConnectionEnd, EventListener } from '../platform-event.ts';
import type { Route } from '../store/access-log.ts';
import { LineTooLong } from './client-stream.ts';
import { HandshakeBroken } from './server-sockets.ts';

/** What the client did wrong; null for an error that is not of its making, or that needs no telling. */
export const connectionEndOf = (error: unknown): ConnectionEnd | null => {
  if (error instanceof LineTooLong) return 'line-too-long';
  return error instanceof HandshakeBroken ? 'tls-handshake-failed' : null;
};

/** Tells why the connection of a client, by its address, was ended. */
export type TellEnd = (address: string | undefined, reason: ConnectionEnd) => void;

export const tellEnds =
  (route: Route, onEvent: EventListener): TellEnd =>
  (address = '', reason) =>
    onEvent({ kind: 'connection-ended', route, address, reason });
