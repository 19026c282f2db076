import { connect, type Socket } from 'node:net';

/** An answer: its status and its body. */
export type Answer = { readonly status: string; readonly body: string };

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/**
 * A client of HTTP/1.1 with one request at a time on one connection that is kept. It knows no more of HTTP than
 * the servers under test use, so that it takes as little of the machine from them as it can.
 */
export class HttpConnection {
  readonly #port: number;
  #socket: Socket | undefined;
  #received = '';
  #onAnswer: ((answer: Answer | undefined) => void) | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** Calls `onAnswer` once: with undefined where the connection was lost before an answer. */
  send(text: string, onAnswer: (answer: Answer | undefined) => void): void {
    this.#onAnswer = onAnswer;
    this.#socket ??= this.#open();
    this.#socket.write(text, 'latin1');
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => {}); // `close` follows
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#received = '';
      this.#answer(undefined);
    });
    return socket;
  }

  #receive(chunk: Buffer): void {
    this.#received += chunk.toString('latin1');
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.#received.slice(0, headEnd);
    const bodyStart = headEnd + HEAD_END.length;
    const bodyEnd = bodyStart + Number(LENGTH.exec(head)?.[1] ?? 0);
    if (this.#received.length < bodyEnd) return;
    const body = this.#received.slice(bodyStart, bodyEnd);
    this.#received = '';
    this.#answer({ status: head.slice(9, 12), body });
  }

  #answer(answer: Answer | undefined): void {
    const onAnswer = this.#onAnswer;
    this.#onAnswer = undefined;
    onAnswer?.(answer);
  }
}
