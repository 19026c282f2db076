import type Router from '@koa/router';
import { type DomainName, parseDomainName } from '../../../domain/domain-name.ts';
import { unknownHost } from '../../../domain/host-settings.ts';
import { parseIpv4, parseIpv6 } from '../../../domain/ip-address.ts';
import { stateOf } from '../../../domain/name-summary.ts';
import type { SeenEvent } from '../../../domain/seen-event.ts';
import type { Catalogue } from '../catalogue.en.ts';
import { chain, stateOfName } from '../chain.ts';
import { note, question, timeAgo } from '../components.ts';
import { readField, readForm, type Tried } from '../forms.ts';
import { needUser } from '../guard.ts';
import { type Content, html } from '../html.ts';
import { show } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import { reportAs } from '../report-as.ts';
import { timeLine } from '../time-line.ts';
import { doneIn, goTo, manageBy, type PageContext, type PageState, signedInOf } from '../visit.ts';
import { sentenceOf } from '../words-of-event.ts';
import { addressForm, readHostChange, settingsForm } from './host-form.ts';

/** How many events the page of a host shows. */
const SHOWN = 100;
/** How many of them are seen at once. The others are folded away. */
const LATEST = 8;

/** The page of one host: how far its address has come (report, primary, name servers), its events, its settings. */
export function hostPage(router: Router<PageState>, services: PageServices): void {
  /**
   * Calls `work` with the name in the path. Answers 404 if it is not the user's, just as if there were no such name:
   * nobody learns which names others have.
   */
  const about =
    (work: (context: PageContext, name: DomainName) => Promise<void> | void) => (context: PageContext) => {
      const name = parseDomainName(String(context['params']['name']));
      if (!name.ok || !signedInOf(context).user.domains.includes(name.value)) return context.throw(404);
      return work(context, name.value);
    };
  const get = (path: string, work: Parameters<typeof about>[0]) =>
    router.get(`/hosts/:name${path}`, needUser, about(work));
  const post = (path: string, work: Parameters<typeof about>[0]) =>
    router.post(`/hosts/:name${path}`, needUser, about(work));

  get('', (context, name) => showHost(context, services, name));

  post('/addresses', async (context, name) => {
    const { reasons } = context.state.visit.words;
    const typed = context.state.form;
    const read = readForm(typed, { ipv4: readField(parseIpv4), ipv6: readField(parseIpv6) }, reasons);
    if (!read.ok) return showHost(context, services, name, { typed, errors: read.errors });
    const addresses = [read.values.ipv4, read.values.ipv6].filter((address) => address !== undefined);
    if (addresses.length === 0) return goTo(context, pathOf(name));
    const outcome = await reportAs(context, services, name, addresses);
    goTo(
      context,
      `${pathOf(name)}?done=${outcome.kind === 'changed' || outcome.kind === 'unchanged' ? 'set' : 'failed'}`,
    );
  });

  post('/settings', async (context, name) => {
    const { user } = signedInOf(context);
    const { reasons } = context.state.visit.words;
    const typed = context.state.form;
    const read = readHostChange(typed, name, user, reasons);
    if (!read.ok) return showHost(context, services, name, { typed, errors: read.errors });
    const manage = manageBy(context, services);
    await manage.hosts.change(name, read.values);
    if (read.values.follows !== undefined) await manage.endFollowing.ofNobody(name);
    goTo(context, `${pathOf(name)}?done=saved`);
  });

  get('/off', (context, name) => {
    const { visit } = context.state;
    const { host } = visit.words;
    const content = question(visit, {
      lead: host.takeOffLead,
      action: `${pathOf(name)}/off`,
      button: host.takeOff,
      back: pathOf(name),
    });
    show(context, { title: host.takeOffTitle(name), menu: '/', content });
  });

  post('/off', async (context, name) => {
    const outcome = await reportAs(context, services, name, []);
    const done = { failed: 'failed', 'removal-not-allowed': 'not-allowed' }[String(outcome.kind)] ?? 'off';
    goTo(context, `${pathOf(name)}?done=${done}`);
  });
}

const pathOf = (name: DomainName): string => `/hosts/${encodeURIComponent(name)}`;

async function showHost(
  context: PageContext,
  { history, hosts, clock, watchedSince }: PageServices,
  name: DomainName,
  tried: Tried = {},
): Promise<void> {
  const { visit } = context.state;
  const { words } = visit;
  const path = pathOf(name);
  const { user } = signedInOf(context);
  const [states, events, known] = await Promise.all([
    history.states(user, [name]),
    history.ofName(user, name, SHOWN),
    hosts.find([name]),
  ]);
  const summary = states.get(name);
  const state = summary && stateOf(summary, watchedSince());
  const settings = known.get(name) ?? unknownHost(name);
  const now = clock.now();
  const content = html`${messageOf(context)}
<section class="chain">${stateOfName(summary, state, now, words)}${chain(summary, state, now, words)}</section>
${timeLine(events, now, words)}
<section aria-labelledby="history"><h2 id="history">${words.host.history}</h2>
${eventList(events, now, words)}</section>
<div class="columns">
<section aria-labelledby="addresses"><h2 id="addresses">${words.host.addresses}</h2>
${addressForm(visit, path, summary, tried)}</section>
<section aria-labelledby="settings"><h2 id="settings">${words.host.settings}</h2>
${settingsForm(visit, path, settings, tried)}</section>
</div>
<section aria-labelledby="danger"><h2 id="danger">${words.host.danger}</h2>
${
  user.offline || settings.offline
    ? html`<p><a class="button danger" href="${path}/off">${words.host.takeOff}</a></p>`
    : html`<p class="quiet">${words.host.mayNotTakeOff}</p>`
}</section>`;
  show(context, { title: name, menu: '/', content, status: tried.errors === undefined ? 200 : 422 });
}

/**
 * The last events, and the earlier ones folded away. A change is left out where the report that made it is listed: the
 * report says the same. When it was visible stands beside that report.
 */
function eventList(all: readonly SeenEvent[], now: number, words: Catalogue): Content {
  const isOf = (index: number, kind: SeenEvent['kind']) => all[index]?.kind === kind;
  const said = new Set<SeenEvent | undefined>();
  const rows = all.map((event, index) => {
    if (said.has(event)) return [];
    // The report itself is told when it is answered, which may be before or after the change is visible.
    if (event.kind === 'visible' && isChange(all[index + 1])) return [];
    if (!isChange(event)) return [event];
    const isVisibleBefore = isOf(index + 1, 'visible') && isOf(index + 2, 'changed');
    const visible = all[isVisibleBefore ? index + 1 : index - 1];
    const change = isVisibleBefore ? index + 2 : index + 1;
    if (isOf(change, 'changed')) said.add(all[change]);
    if (visible?.kind !== 'visible') return [event];
    said.add(visible);
    return [event, visible];
  });
  const events = rows.filter(({ length }) => length > 0);
  const { host } = words;
  if (events.length === 0) return html`<p class="quiet">${host.noHistory}</p>`;
  const list = (some: typeof events) =>
    html`<ol class="events">${some.map(
      ([event, visible]) =>
        event &&
        html`<li><span class="small quiet">${timeAgo(event.at, now, words)}</span><div>${sentenceOf(event, now, words)}${
          visible && html`<br><small class="quiet">${sentenceOf(visible, now, words)}</small>`
        }</div></li>`,
    )}</ol>`;
  const earlier = events.slice(LATEST);
  return html`${list(events.slice(0, LATEST))}
${earlier.length > 0 && html`<details><summary>${host.earlier(earlier.length)}</summary>${list(earlier)}</details>`}`;
}

const isChange = (event: SeenEvent | undefined): boolean =>
  event?.kind === 'reported' && event.outcome === 'changed';

function messageOf(context: PageContext): Content {
  const { host, hosts } = context.state.visit.words;
  return doneIn(context, {
    set: note('good', host.isSet),
    saved: note('good', host.saved),
    off: note('good', host.takenOff),
    failed: note('bad', hosts.notSet),
    'not-allowed': note('bad', host.mayNotTakeOff),
  });
}
