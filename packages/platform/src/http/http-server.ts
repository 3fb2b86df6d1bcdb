import { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
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
export const startHttpServer = async (app: HttpApp, host: string, port: number): Promise<HttpServer> => {
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  if (!(server instanceof Server)) throw new Error('the adaptor gave no HTTP/1.1 server');
  // A big upload over a slow line may take any time, as long as bytes come.
  server.requestTimeout = 0;
  server.headersTimeout = HEADERS_MS;
  server.setTimeout(IDLE_MS);
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
