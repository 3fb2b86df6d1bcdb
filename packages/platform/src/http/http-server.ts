import { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { type Line, openDoor } from '../net/server-sockets.ts';
import type { HttpApp } from './http-context.ts';

const HEADERS_MS = 60_000;
const IDLE_MS = 120_000;
const MAX_CONNECTIONS = 500;

export interface HttpServer {
  readonly port: number;
  /** Breaks open requests off. */
  stop(): Promise<void>;
}

/** Serves the API. @param port 0 means any free one */
export const startHttpServer = async (app: HttpApp, host: string, port: number, line: Line): Promise<HttpServer> => {
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  if (!(server instanceof Server)) throw new Error('the adaptor gave no HTTP/1.1 server');
  // A big upload over a slow line may take any time, as long as bytes come.
  server.requestTimeout = 0;
  server.headersTimeout = HEADERS_MS;
  server.setTimeout(IDLE_MS);
  const door = await openDoor(server, host, port, line, MAX_CONNECTIONS);
  // It accepts nothing itself; this makes it watch over its connections all the same.
  server.emit('listening');
  return {
    port: door.port,
    stop: async () => {
      const closed = door.close();
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
