import { STATUS_CODES } from 'node:http';
import * as z from 'zod';
import type {
  JsonSchema,
  OpenApi,
  Operation,
  OperationParameter,
  OperationResponse,
} from '../inversify/tokens.ts';
import { PROBLEMS, type ProblemName, ProblemSchema, problem, problemBody } from './problems.ts';
import { type AnyRoute, problemsOf } from './route.ts';

/** The OpenAPI document of these routes. It is made of the schemas by which requests are read. */
export function openApiOf(routes: readonly AnyRoute[], url: string): OpenApi {
  const schemas = new Schemas();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route, schemas),
    };
  }
  const examples = Object.entries(PROBLEMS).map(([name, [, summary]]) => [
    name,
    { summary, value: problemBody(problem(name as ProblemName)) },
  ]);
  return {
    openapi: '3.1.0',
    info: { title: 'dynonym', version: '1', description: 'Hosts, tokens and sessions of one user.' },
    servers: [{ url }],
    paths,
    components: {
      schemas: schemas.named,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'A token of the API.' } },
      examples: Object.fromEntries(examples),
    },
  };
}

/** Writes schemas as JSON Schema. Those with an id are written once, below `components`. */
class Schemas {
  readonly named: Record<string, JsonSchema> = {};

  of(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    // In a list, a schema with an id is a reference too.
    const written = JSON.stringify(z.toJSONSchema(z.array(schema), { io }));
    const { items, $defs = {} } = JSON.parse(written.replaceAll('#/$defs/', '#/components/schemas/'));
    Object.assign(this.named, $defs);
    return items;
  }
}

function operationOf(route: AnyRoute, schemas: Schemas): Operation {
  const { method, path, scope, summary, description, body } = route;
  const words = `${method.toLowerCase()}${path}`.split(/[/{}]+/).filter((word) => word !== '');
  const [verb = '', ...others] = words;
  return {
    operationId: verb + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(''),
    summary,
    ...(description !== undefined && { description }),
    tags: [path.split('/')[1] ?? ''],
    security: [{ token: [scope] }],
    parameters: parametersOf(route, schemas),
    ...(body !== undefined && {
      requestBody: { content: { 'application/json': { schema: schemas.of(body, 'input') } } },
    }),
    responses: { ...goodResponseOf(route, schemas), ...badResponsesOf(route, schemas) },
  };
}

function parametersOf({ path, query, tag }: AnyRoute, schemas: Schemas): readonly OperationParameter[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']): OperationParameter => {
    return { name, in: 'path', required: true, schema: { type: 'string', minLength: 1 } };
  });
  const { properties = {} } = (query === undefined ? {} : schemas.of(query, 'input')) as {
    readonly properties?: Readonly<Record<string, JsonSchema & { readonly description?: string }>>;
  };
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]): OperationParameter => {
    return { name, in: 'query', description, schema };
  });
  const ifMatch: OperationParameter = {
    name: 'If-Match',
    in: 'header',
    required: true,
    description: 'The entity tag of what you have seen, or *.',
    schema: { type: 'string' },
  };
  return [...inPath, ...inQuery, ...(tag === 'needed' ? [ifMatch] : [])];
}

type Responses = Readonly<Record<number, OperationResponse>>;

function goodResponseOf({ shown, status = 200, tag }: AnyRoute, schemas: Schemas): Responses {
  if (shown === undefined) return { 204: { description: reasonOf(204) } };
  const content = { 'application/json': { schema: schemas.of(shown, 'output') } };
  const headers = { ETag: { schema: { type: 'string' } } };
  return { [status]: { description: reasonOf(status), ...(tag !== undefined && { headers }), content } };
}

/** What can go wrong, by status. Problems of the same status differ by their example. */
function badResponsesOf(route: AnyRoute, schemas: Schemas): Responses {
  const schema = schemas.of(ProblemSchema, 'output');
  const names = problemsOf(route);
  const responses = names.map((name) => {
    const [status] = PROBLEMS[name];
    const examples = names
      .filter((other) => PROBLEMS[other][0] === status)
      .map((other) => [other, { $ref: `#/components/examples/${other}` }]);
    const content = { 'application/problem+json': { schema, examples: Object.fromEntries(examples) } };
    return [status, { description: reasonOf(status), content }] as const;
  });
  return Object.fromEntries(responses);
}

const reasonOf = (status: number): string => STATUS_CODES[status] ?? '';
