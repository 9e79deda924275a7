// A user of a JupyterHub as a browser is one: the login form with its cookies, then a token of the user's own
// for what a program does.
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** fetch says "cors" of every request, and the hub gives its cookie against forgery to navigation alone. */
class Browser {
  readonly #cookies = new Map<string, string>();

  cookie(name: string): string {
    return this.#cookies.get(name) ?? '';
  }

  send(url: string, method = 'GET', body = '', type = 'application/json'): Promise<Answer> {
    const headers = {
      cookie: [...this.#cookies].map(pair => pair.join('=')).join('; '),
      'x-xsrftoken': this.cookie('_xsrf'),
      'content-type': type,
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers }, answer => {
        for (const line of answer.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          this.#cookies.set(name, value);
        }
        let text = '';
        answer.setEncoding('utf8').on('data', data => (text += data));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      sent.on('error', reject).end(body);
    });
  }
}

export class HubUser {
  readonly token: string;
  readonly #url: string;
  readonly #name: string;

  private constructor(url: string, name: string, token: string) {
    this.#url = url;
    this.#name = name;
    this.token = token;
  }

  /** @throws Error when the hub does not let the user in */
  static async logIn(url: string, username: string, password: string): Promise<HubUser> {
    const browser = new Browser();
    await browser.send(`${url}/hub/login`);
    const form = new URLSearchParams({ username, password, _xsrf: browser.cookie('_xsrf') });
    const { status } = await browser.send(
      `${url}/hub/login`,
      'POST',
      String(form),
      'application/x-www-form-urlencoded',
    );
    if (status !== 302) throw new Error(`Cannot log in as ${username}: the hub answers ${status}`);
    await browser.send(`${url}/hub/token`);
    const answer = await browser.send(`${url}/hub/api/users/${username}/tokens`, 'POST', '{}');
    if (answer.status !== 201) throw new Error(`Cannot get a token for ${username}: ${answer.text}`);
    return new HubUser(url, username, JSON.parse(answer.text).token);
  }

  /** Starts the user's server and waits until the hub calls it ready. */
  async startServer(): Promise<void> {
    const path = `/hub/api/users/${this.#name}`;
    await this.post(`${path}/server`);
    for (let waited = 0; waited < 60_000; waited += 200) {
      const { servers } = await this.get<{ servers: Record<string, { ready: boolean }> }>(path);
      if (servers['']?.ready) return;
      await sleep(200);
    }
    throw new Error(`The server of ${this.#name} does not start`);
  }

  async stopServer(): Promise<void> {
    await this.#send(`/hub/api/users/${this.#name}/server`, { method: 'DELETE' });
  }

  async get<T>(path: string): Promise<T> {
    return (await this.#send(path, {})).json() as Promise<T>;
  }

  async post(path: string, body?: object): Promise<void> {
    await this.#send(path, { method: 'POST', ...(body ? { body: JSON.stringify(body) } : {}) });
  }

  async #send(path: string, options: RequestInit): Promise<Response> {
    const headers = { authorization: `token ${this.token}`, 'content-type': 'application/json' };
    const response = await fetch(`${this.#url}${path}`, { ...options, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
