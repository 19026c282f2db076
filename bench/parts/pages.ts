import type { Bed } from '../bed.ts';
import type { Conditions, Part } from '../part.ts';
import type { Row } from '../report.ts';
import { withAndWithout } from '../with-and-without.ts';

/** How often each page is asked for. */
const REQUESTS = 100;

/** What pages cost: the updates beside them, the processor time of each page, and its weight. */
export const pages: Part = {
  title: 'What the pages cost',
  run: (conditions) =>
    withAndWithout(
      conditions,
      [
        { name: 'with [web]', options: { web: true } },
        { name: 'without', options: {} },
      ],
      0.97,
      (bed) => ofEachPage(bed, conditions),
    ),
};

/** The first user is an operator, and has fifty names where the run is a full one. */
async function ofEachPage({ dynonym, users }: Bed, { scale, say }: Conditions): Promise<readonly Row[]> {
  const [user] = users;
  if (user === undefined) throw new Error('there are no users');
  const url = `http://127.0.0.1:${dynonym.port}`;
  const headers = { Cookie: await signIn(url, user) };
  const count = Math.max(5, Math.round(REQUESTS / scale.divisor));
  const paths = [
    ...['/', `/hosts/${user.domains[0]}`, '/setup', '/certificates', '/account'],
    ...['', '/people', `/people/${user.name}`, '/names', '/servers', '/sign-ins', '/notices', '/changes'].map(
      (path) => `/operator${path}`,
    ),
    ...['/api/v1/', '/api/v1/operators'],
  ];
  const times = new Map<string, number[]>();
  const weights = new Map<string, number>();
  for (let repetition = 0; repetition < scale.repetitions; repetition += 1) {
    for (const path of paths) {
      weights.set(path, await weightOf(url, path, headers)); // compiles it too
      const before = dynonym.processorTime;
      for (let request = 0; request < count; request += 1) await textAt(url, path, headers);
      const milliseconds = ((dynonym.processorTime - before) * 1000) / count;
      times.set(path, [...(times.get(path) ?? []), milliseconds]);
      say(`  ${path}: ${milliseconds.toFixed(1)} ms, ${weights.get(path)?.toFixed(1)} KB`);
    }
  }
  const rows = Array.from(times, ([path, values]): Row => {
    const series = { of: 'dynonym', values: values.map((value) => Math.max(value, 0.1)) };
    return {
      ...{ what: `processor time of ${nameOf(path)}`, unit: 'ms', decimals: 1 },
      ...{ ours: series, theirs: series, goal: { compare: 'ours alone', atMost: 30 } },
    };
  });
  const [heaviest, weight] = [...weights].sort(([, one], [, other]) => other - one)[0] ?? ['', 0];
  const weighed = { of: nameOf(heaviest), values: [weight] };
  return [
    ...rows,
    {
      ...{ what: 'the heaviest page, with its style, scripts and signs', unit: 'KB', decimals: 1 },
      ...{ ours: weighed, theirs: weighed, goal: { compare: 'ours alone', atMost: 50 } },
    },
  ];
}

/** Without the names of a run. */
const nameOf = (path: string): string =>
  path.replace(/^\/hosts\/.*/, '/hosts/NAME').replace(/^(\/operator\/people)\/.*/, '$1/NAME');

async function signIn(
  url: string,
  user: { readonly name: string; readonly password: string },
): Promise<string> {
  const page = await fetch(url);
  const [, form = ''] = /name="form" value="([^"]+)"/.exec(await page.text()) ?? [];
  const answer = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Origin: url, Cookie: cookiesOf(page) },
    body: new URLSearchParams({ form, user: user.name, password: user.password }),
  });
  if (answer.status !== 303) throw new Error(`the sign-in was answered with ${answer.status}`);
  return cookiesOf(answer);
}

const cookiesOf = ({ headers }: Response): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

async function textAt(url: string, path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(`${url}${path}`, { headers, redirect: 'manual' });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}`);
  return text;
}

/** A page and all that it fetches, in KB. */
async function weightOf(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const page = await textAt(url, path, headers);
  const assets = new Set(
    [...page.matchAll(/(?:href|src)="(\/assets\/[^"#]+)/g)].map(([, asset = '']) => asset),
  );
  let bytes = Buffer.byteLength(page);
  for (const asset of assets) bytes += Buffer.byteLength(await textAt(url, asset, {}));
  return bytes / 1000;
}
