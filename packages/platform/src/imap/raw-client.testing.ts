import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A self-signed certificate for localhost, of these tests only. */
export const TEST_TLS = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLyxlu4D1SJD3IAZE
a7fxuhoYqcBX23QWpU6BVn4BlPqhRANCAATWHyVuDgzvLF4Y7kntP3+r+mVI9BsU
BF85IqL1YuZuYsiorHCfGk44cNwKhxLa1QVic6pcKHyCTfITxgaHZGu9
-----END PRIVATE KEY-----\n`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUPt58x+oQofMDYdXdN+DQxE7FsRQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzAyMTEzOVoYDzIxMjYxMDMw
MDIxMTM5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATWHyVuDgzvLF4Y7kntP3+r+mVI9BsUBF85IqL1YuZuYsiorHCfGk44
cNwKhxLa1QVic6pcKHyCTfITxgaHZGu9o2kwZzAdBgNVHQ4EFgQU+1lzS/Poz7l4
VjXSqfkBKgTcDF0wHwYDVR0jBBgwFoAU+1lzS/Poz7l4VjXSqfkBKgTcDF0wDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgd8ZTSmVMOz33KMjWGWhJEVcwaZ85OhHdlw8Jh63BqjcCIQDKmEQogR83
8F0vejE/muBIjOEN6I84xDy4oUasuxVAGA==
-----END CERTIFICATE-----\n`,
};
export const TEST_USER = 'kim@example.com';

/** A client that knows only lines and literals: no library may smooth over what the server says. */
export class RawClient {
  #socket: Socket;
  #received = '';
  #wake: () => void = () => {};
  #tag = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  static async connect(port: number): Promise<RawClient> {
    const client = new RawClient(connect(port, '127.0.0.1'));
    await client.until(/^\* (OK|BYE).*\r\n/);
    return client;
  }

  /** What came up to and with the match. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(this.#received);
      if (match) {
        const end = match.index + match[0].length;
        const text = this.#received.slice(0, end);
        this.#received = this.#received.slice(end);
        return text;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  send(bytes: string | Buffer): void {
    this.#socket.write(bytes, 'latin1');
  }

  /** All that is answered to a command, with its tagged line as `OK ...`. */
  async command(text: string): Promise<string> {
    this.#tag += 1;
    this.send(`t${this.#tag} ${text}\r\n`);
    return (await this.until(new RegExp(`^t${this.#tag} .*\\r\\n`, 'm'))).replace(`t${this.#tag} `, '');
  }

  async logIn(): Promise<this> {
    const answer = await this.command(`LOGIN ${TEST_USER} pw`);
    if (!answer.startsWith('OK')) throw new Error(answer);
    return this;
  }

  startTls(): Promise<void> {
    this.#socket.removeAllListeners();
    const plain = this.#socket;
    return new Promise((resolve, reject) => {
      this.#socket = connectTls({ socket: plain, ca: TEST_TLS.cert, servername: 'localhost' }, resolve).once('error', reject);
      this.#listen();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on('data', (chunk) => {
      this.#received += chunk.toString('latin1');
      this.#wake();
    });
    // 'close' follows.
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.#received += '(closed)';
      this.#wake();
    });
  }
}
