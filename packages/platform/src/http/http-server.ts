import { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Line, openDoor } from '../net/server-sockets.ts';
import type { HttpApp } from './http-context.ts';

const HEADERS_MS = 60_000;
const IDLE_MS = 120_000;
const MAX_CONNECTIONS = 500;

export interface HttpServerOptions {
  readonly host: string;
  /** 0 means any free one. */
  readonly port: number;
  readonly line: Line;
  /** Takes errors that are no client's. */
  readonly onError: (error: unknown) => void;
}

export interface HttpServer {
  readonly port: number;
  /** Breaks open requests off. */
  stop(): Promise<void>;
}

const createHttpServer = async (loadApp: () => Promise<HttpApp>): Promise<Server> => {
  const [{ createAdaptorServer }, app] = await Promise.all([import('@hono/node-server'), loadApp()]);
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  if (!(server instanceof Server)) throw new Error('the adaptor gave no HTTP/1.1 server');
  // A big upload over a slow line may take any time, as long as bytes come.
  server.requestTimeout = 0;
  server.headersTimeout = HEADERS_MS;
  server.setTimeout(IDLE_MS);
  // It accepts nothing itself; this makes it watch over its connections all the same.
  server.emit('listening');
  return server;
};

/** Serves the API. Its modules are loaded with the first connection: they take longer than everything else at the start. */
export const startHttpServer = async (
  loadApp: () => Promise<HttpApp>,
  { host, port, line, onError }: HttpServerOptions,
): Promise<HttpServer> => {
  let server: Promise<Server> | null = null;
  const serve = async (connection: Duplex): Promise<void> => {
    // Until the server listens to it, an error would end the process.
    connection.on('error', () => {});
    try {
      server ??= createHttpServer(loadApp);
      (await server).emit('connection', connection);
    } catch (error) {
      onError(error);
      connection.destroy();
    }
  };
  const door = await openDoor({ emit: (_, connection) => void serve(connection) }, host, port, line, MAX_CONNECTIONS);
  return {
    port: door.port,
    stop: async () => {
      const closed = door.close();
      const started = await server?.catch(() => null);
      started?.close();
      started?.closeAllConnections();
      await closed;
    },
  };
};
