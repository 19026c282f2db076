import { request } from 'node:http';
import type { Answer } from '../unit/adapters/http/service.ts';

type Asked = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** One address for several servers: each request goes to the next of them. */
export class Alternating {
  readonly #ports: readonly number[];
  #turn = 0;

  constructor(urls: readonly string[]) {
    this.#ports = urls.map((url) => Number(new URL(url).port));
  }

  get nextPort(): number {
    this.#turn += 1;
    return this.#ports[this.#turn % this.#ports.length] as number;
  }

  ask(path: string, { method = 'GET', headers = {}, body = '' }: Asked = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const type = body === '' ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
      const asked = request({
        ...{ host: '127.0.0.1', port: this.nextPort, path, method, agent: false },
        headers: { ...type, ...headers },
      });
      asked.once('error', reject);
      asked.once('response', async (response) => {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text } as Answer);
      });
      asked.end(body);
    });
  }
}
