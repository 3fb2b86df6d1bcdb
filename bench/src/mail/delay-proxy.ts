import { connect, createServer, type Socket } from 'node:net';

/** A loopback proxy behind which everything takes longer. */
export interface DelayProxy extends AsyncDisposable {
  readonly port: number;
}

/** Hands on what comes, in order, each piece half of `roundTripMs` later; how much is under way is not limited, as on a real line. */
export const startDelayProxy = async (targetPort: number, roundTripMs: number): Promise<DelayProxy> => {
  const open = new Set<Socket>();
  const relay = (from: Socket, to: Socket): void => {
    open.add(from);
    from.setNoDelay(true);
    from.on('data', (piece) => setTimeout(() => to.writable && to.write(piece), roundTripMs / 2));
    from.on('end', () => setTimeout(() => to.end(), roundTripMs / 2));
    from.on('error', () => to.destroy());
    from.on('close', () => open.delete(from));
  };
  const proxy = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    relay(client, server);
    relay(server, client);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => proxy.once('listening', resolve));
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    [Symbol.asyncDispose]: async () => {
      proxy.close();
      for (const socket of open) socket.destroy();
    },
  };
};
