import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { apiDocument } from '../../src/adapters/api/create-api.ts';
import type { OpenApi, Operation } from '../../src/adapters/inversify/tokens.ts';
import type { Answer, RequestOptions, Service } from '../unit/adapters/http/service.ts';
import { SITE } from './visitor.ts';

const BASE = '/api/v1';

type Asked = {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of an answer
export type Json = any;
export type ApiAnswer = Answer & { readonly json: Json };

/** A program that uses the API, and holds each answer to the document. */
export class ApiClient {
  readonly #service: Service;
  readonly #token: string | undefined;
  readonly #from: string;
  /** The operations that were answered with success, by their ids. */
  readonly done = new Set<string>();

  constructor(service: Service, token: string | undefined, from = '192.0.2.7') {
    this.#service = service;
    this.#token = token;
    this.#from = from;
  }

  async ask(method: string, path: string, { json, body, type, headers }: Asked = {}): Promise<ApiAnswer> {
    const sent = json === undefined ? body : JSON.stringify(json);
    const options: RequestOptions = {
      method,
      headers: {
        'X-Forwarded-For': this.#from,
        'X-Forwarded-Proto': 'https',
        ...(this.#token !== undefined && { Authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent, type: type ?? 'application/json' }),
    };
    const answer = await this.#service.ask(`${BASE}${path}`, options);
    const parsed = answer.body === '' ? undefined : JSON.parse(answer.body);
    const operation = operationAt(method, path);
    if (operation !== undefined) {
      assertDescribed(operation, answer, parsed);
      if (answer.status < 300) this.done.add(operation.operationId);
    }
    return { ...answer, json: parsed };
  }
}

export const DOCUMENT: OpenApi = apiDocument(new URL(SITE));

/** All operations with their methods and paths. */
export const OPERATIONS = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

const validator = new Ajv2020({ strict: false, allErrors: true });
formats.default(validator);
validator.addSchema(DOCUMENT, 'document');
const validators = new Map<string, ReturnType<typeof validator.compile>>();

function operationAt(method: string, target: string): Operation | undefined {
  const [path = ''] = target.split('?');
  return OPERATIONS.find(
    (one) => one.method === method && new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )?.operation;
}

/** The status, the type and the body of the answer stand in the document. */
function assertDescribed(operation: Operation, answer: Answer, json: unknown): void {
  const where = `${operation.operationId} ${answer.status}`;
  const response = operation.responses[answer.status];
  assert.ok(response !== undefined, `${where}: the document has no such status`);
  const type = answer.headers['content-type'];
  assert.equal(type, response.content && Object.keys(response.content)[0], where);
  if (response.headers !== undefined) assert.match(String(answer.headers['etag']), /^"[\w-]+"$/, where);
  const [content] = Object.values(response.content ?? {});
  if (content === undefined) assert.equal(json, undefined, where);
  else assertFits(content.schema, json, where);
}

function assertFits(schema: unknown, json: unknown, where: string): void {
  const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
  const validate = validators.get(text) ?? validator.compile(JSON.parse(text));
  validators.set(text, validate);
  assert.ok(validate(json), `${where}: ${JSON.stringify(json)}\n${JSON.stringify(validate.errors)}`);
}
