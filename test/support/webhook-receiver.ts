import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

export type ReceivedWebhook = { readonly head: IncomingMessage; readonly body: string };

/** A receiver of webhooks on the loopback, and what came. It ends with the test file. */
export async function webhookReceiver(answer: RequestListener = (_request, response) => void response.end()) {
  const received: ReceivedWebhook[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    received.push({ head: request, body });
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, server, port: (server.address() as AddressInfo).port };
}
