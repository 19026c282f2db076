import type Router from '@koa/router';
import type { JsonSchema, OpenApi, Operation } from '../../inversify/tokens.ts';
import type { Catalogue } from '../catalogue.en.ts';
import { table } from '../components.ts';
import { type Content, html } from '../html.ts';
import { show } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import type { PageState } from '../visit.ts';

/**
 * The API for whoever writes a program: its document as pages, one of them for operators. The document itself is in
 * English.
 */
export function apiPage(router: Router<PageState>, { openApi }: PageServices): void {
  const all = Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const isOfOperators = ({ operation }: Described) =>
    operation.security.some(({ token }) => token.includes(OPERATE));
  const common = problemsOf(all[0]?.operation).filter((problem) =>
    all.every(({ operation }) => problemsOf(operation).includes(problem)),
  );
  const document = { openApi, common };

  router.get('/api/v1', (context) => {
    const { words } = context.state.visit;
    const { api } = words;
    const content = html`<p>${api.lead}</p>
<pre><code>curl -H "Authorization: Bearer $TOKEN" ${openApi.servers[0]?.url}/account</code></pre>
<p><a href="/api/v1/openapi.json">${api.document}</a> · <a href="${OPERATORS}">${api.operators}</a></p>
${described(
  all.filter((one) => !isOfOperators(one)),
  document,
  words,
)}
<section aria-labelledby="problems"><h2 id="problems">${api.problems}</h2><p>${api.problemsLead}</p>
${problemList(openApi)}
<p>${api.common} ${linksTo(common)}</p></section>`;
    show(context, { title: api.title, content });
  });

  router.get(OPERATORS, (context) => {
    const { words } = context.state.visit;
    const { api } = words;
    const content = html`<p>${api.operatorsLead} <a href="/api/v1/">${api.title}</a></p>
${described(all.filter(isOfOperators), document, words)}`;
    show(context, { title: api.operators, content });
  });
}

const OPERATE = 'api:operate';
const OPERATORS = '/api/v1/operators';

type Described = { readonly path: string; readonly method: string; readonly operation: Operation };
/** The document, and what may go wrong with every request. */
type Document = { readonly openApi: OpenApi; readonly common: readonly string[] };

/** Some of the operations, and the values that they have. */
function described(
  operations: readonly Described[],
  { openApi, common }: Document,
  words: Catalogue,
): Content {
  const { schemas } = openApi.components;
  const used = new Set<string>();
  const find = (value: unknown) => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      if (used.has(name)) continue;
      used.add(name);
      find(schemas[name]);
    }
  };
  find(operations);
  used.delete('Problem'); // has a section of its own
  return html`<div lang="en">${operations.map((one) => operationOf(one, common, words))}</div>
<section aria-labelledby="values"><h2 id="values">${words.api.values}</h2>
<div lang="en">${[...used].map((name) => schemaOf(name, schemas[name] ?? {}, words))}</div></section>`;
}

function operationOf(
  { path, method, operation }: Described,
  common: readonly string[],
  { api }: Catalogue,
): Content {
  const { operationId: id, summary, description, security, requestBody } = operation;
  // The heading shows the path, and so its parameters.
  const parameters = operation.parameters.filter((parameter) => parameter.in !== 'path');
  const [[good, answer] = []] = answersOf(operation);
  const shown = answer?.['application/json']?.schema;
  const problems = problemsOf(operation).filter((problem) => !common.includes(problem));
  return html`<section aria-labelledby="${id}"><h2 id="${id}"><code>${method.toUpperCase()} ${path}</code></h2>
<p>${summary}. ${description}</p>
<p class="small quiet">${api.scope} <code>${security[0]?.token.join(' ')}</code></p>
${
  parameters.length > 0 &&
  tableOf(
    [api.parameter, api.kind, api.meaning],
    parameters.map(({ name, schema, description }) => [name, typeOf(schema), description]),
  )
}
${requestBody && html`<h3>${api.body}</h3>${membersOf(requestBody.content['application/json']?.schema ?? {}, api)}`}
<p>${api.answer}: ${good} ${shown && typeOf(shown)}</p>
${problems.length > 0 && html`<p class="small quiet">${api.problems}: ${linksTo(problems)}</p>`}</section>`;
}

/** The contents of the answers by their status, that of success first. */
const answersOf = ({ responses }: Operation) =>
  Object.entries(responses)
    .map(([status, { content = {} }]) => [status, content] as const)
    .sort(([one], [other]) => Number(one) - Number(other));

const problemsOf = (operation: Operation | undefined): readonly string[] =>
  operation === undefined
    ? []
    : answersOf(operation).flatMap(([, content]) =>
        Object.keys(content['application/problem+json']?.examples ?? {}),
      );

const linksTo = (problems: readonly string[]): Content =>
  problems.map((name, index) => html`${index > 0 && ', '}<a href="/api/v1/#${name}">${name}</a>`);

const schemaOf = (
  name: string,
  schema: JsonSchema,
  { api }: Catalogue,
): Content => html`<h3 id="${name}">${name}</h3>
<p>${textIn(schema, 'description')}</p>
${variantsOf(schema).map((variant) => membersOf(variant, api))}`;

/** The forms that a value may have. */
const variantsOf = (schema: JsonSchema): readonly JsonSchema[] =>
  (schema['oneOf'] ?? schema['anyOf'] ?? [schema]) as readonly JsonSchema[];

const membersOf = (schema: JsonSchema, { member, kind, meaning }: Catalogue['api']): Content =>
  tableOf(
    [member, kind, meaning],
    Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>).map(
      ([name, inner]) => [
        name,
        typeOf(inner),
        textIn(inner, 'description') ?? variantsOf(inner).map((variant) => textIn(variant, 'description')),
      ],
    ),
  );

const tableOf = (head: readonly string[], rows: readonly (readonly Content[])[]): Content =>
  table(
    head,
    rows.map(
      ([name, kind, meaning]) =>
        html`<tr><th scope="row"><code>${name}</code></th><td>${kind}</td><td>${meaning}</td></tr>`,
    ),
    '',
  );

function typeOf(schema: JsonSchema): Content {
  const reference = textIn(schema, '$ref')?.split('/').at(-1);
  if (reference !== undefined) return html`<a href="#${reference}">${reference}</a>`;
  if ('const' in schema) return String(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].join(' | ');
  if (Array.isArray(schema['type'])) return schema['type'].join(' | ');
  if (schema['type'] === 'array') return html`[${typeOf(schema['items'] as JsonSchema)}, …]`;
  if (schema['type'] === 'object') return objectOf(schema);
  if (schema['type'] !== undefined) return textIn(schema, 'type');
  return variantsOf(schema).map((variant, index) => html`${index > 0 && ' | '}${typeOf(variant)}`);
}

const objectOf = (schema: JsonSchema): Content => {
  const members = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>);
  return html`{${members.map(([name, inner], index) => html`${index > 0 && ', '}${name}: ${typeOf(inner)}`)}}`;
};

const problemList = ({ components }: OpenApi): Content =>
  html`<ul>${Object.entries(components.examples).map(
    ([name, { summary, value }]) =>
      html`<li id="${name}"><code>#${name}</code> ${String(value['status'])}: ${summary}</li>`,
  )}</ul>`;

function textIn(schema: JsonSchema, name: string): string | undefined {
  const value = schema[name];
  return typeof value === 'string' ? value : undefined;
}
