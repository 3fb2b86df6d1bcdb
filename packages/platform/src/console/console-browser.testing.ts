/** A browser without a face: keeps cookies, names its origin, and sends the hidden token of the page that it is on. */
export class ConsoleBrowser {
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();
  #page = '';

  constructor(origin: string) {
    this.#origin = origin;
  }

  get page(): string {
    return this.#page;
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('cookie', [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(`${this.#origin}${path}`, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  /** Without following redirects. */
  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const response = await this.#send(path, { headers });
    this.#page = await response.clone().text();
    return response;
  }

  /** Sends a form of the page that was fetched last, without following redirects. */
  async post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    const token = /name="form-token" value="([^"]+)"/.exec(this.#page)?.[1] ?? '';
    const response = await this.#send(path, {
      method: 'POST',
      headers: { origin: this.#origin, ...headers },
      body: new URLSearchParams({ 'form-token': token, ...fields }),
    });
    const text = await response.clone().text();
    if (text !== '') this.#page = text;
    return response;
  }

  /** Then shows the first page. */
  async logIn(user: string, password: string): Promise<this> {
    const response = await this.post('/console/log-in', { user, password });
    if (response.status !== 303) throw new Error(`the log-in was answered with ${response.status}`);
    await this.get((await this.get('/console')).headers.get('location') ?? '/console');
    return this;
  }
}
