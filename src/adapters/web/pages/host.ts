import type Router from '@koa/router';
import { type DomainName, parseDomainName } from '../../../domain/domain-name.ts';
import { unknownHost } from '../../../domain/host-settings.ts';
import { parseIpv4, parseIpv6 } from '../../../domain/ip-address.ts';
import { stateOf } from '../../../domain/name-summary.ts';
import type { SeenEvent } from '../../../domain/seen-event.ts';
import type { Catalogue } from '../catalogue.en.ts';
import { chain, stateOfName } from '../chain.ts';
import { note, question, timeAgo } from '../components.ts';
import { readField, readForm } from '../forms.ts';
import { needUser } from '../guard.ts';
import { type Content, html } from '../html.ts';
import { show } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import { reportAs } from '../report-as.ts';
import { timeLine } from '../time-line.ts';
import { doneIn, type PageContext, type PageMiddleware, type PageState, signedInOf } from '../visit.ts';
import { sentenceOf } from '../words-of-event.ts';
import { addressForm, readHostChange, settingsForm, type Tried } from './host-form.ts';
import { goTo } from './sign-in.ts';

/** Events that the page of a host shows. */
const SHOWN = 100;
/** Of these, as many are seen at once. */
const LATEST = 8;

/** One host: the way of its address, what happened, and what its user may set. */
export function hostPage(router: Router<PageState>, services: PageServices): void {
  router.get('/hosts/:name', needUser, ownHost, (context) => showHost(context, services));

  router.post('/hosts/:name/addresses', needUser, ownHost, async (context) => {
    const { reasons } = context.state.visit.words;
    const typed = context.state.form;
    const read = readForm(typed, { ipv4: readField(parseIpv4), ipv6: readField(parseIpv6) }, reasons);
    if (!read.ok) return showHost(context, services, { typed, errors: read.errors });
    const addresses = [read.values.ipv4, read.values.ipv6].filter((address) => address !== undefined);
    if (addresses.length === 0) return goTo(context, pathOf(context));
    const outcome = await reportAs(context, services, nameOf(context), addresses);
    goTo(
      context,
      `${pathOf(context)}?done=${outcome.kind === 'changed' || outcome.kind === 'unchanged' ? 'set' : 'failed'}`,
    );
  });

  router.post('/hosts/:name/settings', needUser, ownHost, async (context) => {
    const { user } = signedInOf(context);
    const { reasons } = context.state.visit.words;
    const typed = context.state.form;
    const read = readHostChange(typed, nameOf(context), user, reasons);
    if (!read.ok) return showHost(context, services, { typed, errors: read.errors });
    const manage = services.manageAs({ by: user.name, way: 'page' });
    await manage.hosts.change(nameOf(context), read.values);
    if (read.values.follows !== undefined) await manage.endFollowing.ofNobody(nameOf(context));
    goTo(context, `${pathOf(context)}?done=saved`);
  });

  router.get('/hosts/:name/off', needUser, ownHost, (context) => {
    const { visit } = context.state;
    const { host } = visit.words;
    const content = question(visit, {
      lead: host.takeOffLead,
      action: `${pathOf(context)}/off`,
      button: host.takeOff,
      back: pathOf(context),
    });
    show(context, { title: host.takeOffTitle(nameOf(context)), menu: '/', content });
  });

  router.post('/hosts/:name/off', needUser, ownHost, async (context) => {
    const outcome = await reportAs(context, services, nameOf(context), []);
    const done = { failed: 'failed', 'removal-not-allowed': 'not-allowed' }[String(outcome.kind)] ?? 'off';
    goTo(context, `${pathOf(context)}?done=${done}`);
  });
}

/** A name that is not the user's is a page that does not exist: nobody learns which names others have. */
const ownHost: PageMiddleware = (context, next) => {
  const name = parseDomainName(String(context['params']['name']));
  const isOwn = name.ok && signedInOf(context).user.domains.includes(name.value);
  return isOwn ? next() : context.throw(404);
};

const nameOf = (context: PageContext): DomainName => {
  const name = parseDomainName(String(context['params']['name']));
  if (!name.ok) throw new TypeError('ownHost has read this name');
  return name.value;
};

const pathOf = (context: PageContext): string => `/hosts/${encodeURIComponent(nameOf(context))}`;

async function showHost(
  context: PageContext,
  { history, hosts, clock, watchedSince }: PageServices,
  tried: Tried = {},
): Promise<void> {
  const { visit } = context.state;
  const { words } = visit;
  const name = nameOf(context);
  const path = pathOf(context);
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
