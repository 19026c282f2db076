import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as sendRequest } from 'node:http';
import { until } from './until.ts';

/** An EventSource: it keeps what a stream of server-sent events has said. */
export class OpenStream {
  readonly response: IncomingMessage;
  /** The data of each event. */
  readonly events: string[] = [];
  /** All octets, comments included. */
  text = '';
  isOver = false;

  private constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.#take(chunk));
    response.on('close', () => {
      this.isOver = true;
    });
    response.on('error', () => {});
  }

  static async open(
    port: number,
    path: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<OpenStream> {
    const request = sendRequest({ host: '127.0.0.1', port, path, headers, agent: false }).end();
    const [response] = await once(request, 'response');
    return new OpenStream(response);
  }

  /** Resolves when an event has come that says so. */
  said(pattern: RegExp): Promise<string> {
    return until(() => this.events.find((event) => pattern.test(event)), { what: String(pattern) });
  }

  ended(): Promise<true> {
    return until(() => this.isOver, { what: 'the end of the stream' });
  }

  #take(chunk: string): void {
    this.text += chunk;
    const messages = this.text.split('\n\n').filter((message) => message.startsWith('data: '));
    this.events.splice(0, this.events.length, ...messages.map((message) => message.replace(/^data: /gm, '')));
  }
}
