import { readFileSync } from 'node:fs';
import { html, type Markup } from '../../src/adapters/web/html.ts';
import { arrow, box, drawing, linesOf, type Place, textAt } from './svg.ts';

const SOURCES = new URL('../../src/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, SOURCES), 'utf8');

/** What docs/design.md says of the files in application/update. */
const MEANINGS: ReadonlyMap<string, string> = new Map(
  [...read('../docs/design.md').matchAll(/^\| (`[\w-]+\.ts`.*?) \| (.*?) \|$/gm)].flatMap(
    ([, files = '', does = '']) =>
      [...files.matchAll(/`([\w-]+\.ts)`/g)].map(
        ([, file = '']) => [file, does.replace('decorator: ', '')] as const,
      ),
  ),
);

/** A part of the program: what it is called in the code, and what it does. */
type Part = { readonly name: string; readonly file: string; readonly does: string };

function partOf(file: string, does?: string): Part {
  const [, name] = /^export (?:class|function) (\w+)/m.exec(read(file)) ?? [];
  const meaning = does ?? MEANINGS.get(file.split('/').at(-1) ?? '');
  if (name === undefined || meaning === undefined)
    throw new Error(`${file}: what it is, or does, stands nowhere`);
  return { name, file, does: meaning };
}

/** The decorators of the DnsUpdater in the order in which a change meets them: the last one that is bound is the first. */
function decorators(): readonly Part[] {
  const root = read('adapters/inversify/create-container.ts');
  const names = [
    ...root.matchAll(/onActivation\(\s*tokens\.dnsUpdater,\s*\(context, inner\) =>\s*new (\w+)/g),
  ];
  const files = names.map(
    ([, name = '']) => new RegExp(`import \\{ ${name} \\} from '../../(.*?)'`).exec(root)?.[1] ?? '',
  );
  return files.toReversed().map((file) => partOf(file));
}

const WIDTH = 820;
const LEFT = 24;
const BROAD = 420;
const SIDE = LEFT + BROAD + 40;
const GAP = 34;

/** A box with the name of a part, its file, and what it does. Its height follows from the text. */
function card(
  part: Part,
  x: number,
  y: number,
  width: number,
  look: string,
): { readonly markup: Markup; readonly height: number } {
  const lines = linesOf(part.does, Math.floor((width - 32) / 6.7));
  const height = 56 + lines.length * 18;
  return {
    height,
    markup: html`${box({ x, y, width, height }, look)}${textAt(x + 16, y + 24, part.name, 'name')}${textAt(x + 16, y + 42, part.file, 'code quiet')}${lines.map((line, index) => textAt(x + 16, y + 62 + index * 18, line))}`,
  };
}

/** The text of docs/drawings/update.svg: the way of an update through the parts of the program. */
export function updateWay(): string {
  const route = partOf('adapters/http/dyndns2/route.ts', 'reads the request once: names and addresses');
  const parts: Markup[] = [];
  let y = 24;
  const client: Place = { x: LEFT, y, width: BROAD, height: 40 };
  parts.push(box(client), textAt(LEFT + 16, y + 25, 'a router or an update program', 'name'));
  y += client.height;

  const down = (label: string) => {
    const middle = LEFT + 60;
    parts.push(arrow(`M${middle} ${y}V${y + GAP - 2}`), textAt(middle + 14, y + 22, label, 'small quiet'));
    y += GAP;
  };
  const step = (part: Part, look = '') => {
    const { markup, height } = card(part, LEFT, y, BROAD, look);
    parts.push(markup);
    y += height;
    return { top: y - height, bottom: y, middle: y - height / 2 };
  };

  down('GET /nic/update?hostname=…&myip=…');
  const first = step(route);
  const login = partOf(
    'application/login/authenticate-user.ts',
    'password or token: who is it, and for which names?',
  );
  const side = card(login, SIDE, first.top, WIDTH - SIDE - 24, 'core');
  parts.push(side.markup);
  parts.push(arrow(`M${LEFT + BROAD} ${first.middle}H${SIDE - 2}`));
  down('principal, names, addresses');
  const update = step(partOf('application/update/update-record.ts'), 'core');
  down('what each name shall become');
  const reconcile = step(partOf('application/update/reconcile-records.ts'), 'core');

  const events: Place = {
    x: SIDE,
    y: update.top,
    width: WIDTH - SIDE - 24,
    height: reconcile.bottom - update.top,
  };
  parts.push(box(events, 'core'), textAt(SIDE + 16, events.y + 24, 'Events', 'name'));
  parts.push(textAt(SIDE + 16, events.y + 42, 'application/ports/events.ts', 'code quiet'));
  parts.push(
    ...['history, notices, audit log;', 'an update does not wait', 'for them'].map((line, index) =>
      textAt(SIDE + 16, events.y + 66 + index * 18, line),
    ),
  );
  for (const { middle } of [update, reconcile])
    parts.push(arrow(`M${LEFT + BROAD} ${middle}H${SIDE - 2}`, 'dotted'));

  down('the change, on the condition of what was found');
  const inside = decorators();
  const cards = inside.map((part) => card(part, LEFT + 16, 0, BROAD - 32, 'core').height);
  const height = 44 + cards.reduce((sum, one) => sum + one + 10, 0) + 6;
  parts.push(box({ x: LEFT, y, width: BROAD, height }));
  parts.push(
    textAt(LEFT + 16, y + 27, 'DnsUpdater', 'name'),
    textAt(LEFT + 124, y + 27, 'a port, and its decorators in order', 'quiet'),
  );
  const back = LEFT + BROAD + 20;
  parts.push(
    arrow(`M${LEFT + BROAD} ${y + 22}H${back}V${reconcile.bottom - 14}H${LEFT + BROAD + 2}`),
    textAt(back + 12, y + 6, 'conflict: look up again', 'small quiet'),
  );
  let inner = y + 44;
  for (const part of inside) {
    const { markup, height: one } = card(part, LEFT + 16, inner, BROAD - 32, 'core');
    parts.push(markup);
    inner += one + 10;
  }
  y += height;
  const half = (WIDTH - 2 * LEFT - 24) / 2;
  const ends = [
    partOf(
      'adapters/rfc2136/rfc2136-dns-updater.ts',
      'conditional UPDATEs, signed with TSIG, to BIND, Knot or PowerDNS',
    ),
    partOf(
      'adapters/name-server/name-server-dns-updater.ts',
      'the same without a message, in zones of our own',
    ),
  ].map((part, index) => card(part, LEFT + index * (half + 24), y + GAP, half, ''));
  parts.push(arrow(`M${LEFT + 60} ${y}V${y + GAP - 2}`));
  parts.push(arrow(`M${LEFT + 260} ${y}V${y + GAP / 2}H${LEFT + half + 24 + 60}V${y + GAP - 2}`));
  parts.push(textAt(LEFT + half + 24 + 72, y + 22, 'or', 'small quiet'));
  parts.push(...ends.map(({ markup }) => markup));
  y += GAP + Math.max(...ends.map(({ height: one }) => one));
  return drawing(
    { width: WIDTH, height: y + 24 },
    'The way of an update: from the request of a router to the change in the DNS',
    parts,
  );
}
