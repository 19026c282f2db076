import type { HourOfReports } from '../../application/history/count-reports.ts';
import type { Catalogue } from './catalogue.en.ts';
import { table } from './components.ts';
import { type Content, html } from './html.ts';

const BAR = { width: 10, gap: 2, height: 64 } as const;

/** The reports of the last hours as bars and as a table. */
export function reportChart(hours: readonly HourOfReports[], { operator, code, host }: Catalogue): Content {
  const { today } = operator;
  const most = Math.max(1, ...hours.map(({ made, notMade }) => made + notMade));
  const sum = (of: 'made' | 'notMade') => hours.reduce((total, hour) => total + hour[of], 0);
  const scaled = (reports: number) => (reports === 0 ? 0 : Math.max(2, (reports / most) * BAR.height));
  const bars = hours.map(({ made, notMade }, index) => {
    const [good, bad] = [scaled(made), scaled(notMade)].map(Math.round) as [number, number];
    const bar = (look: string, height: number, top: number) =>
      height > 0 &&
      html`<rect class="${look}" x="${index * (BAR.width + BAR.gap)}" y="${top}" width="${BAR.width}" height="${height}"/>`;
    return [bar('made', good, BAR.height + 4 - good), bar('not-made', bad, BAR.height + 4 - good - bad)];
  });
  const clock = new Intl.DateTimeFormat(code, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  const rows = hours
    .filter(({ made, notMade }) => made + notMade > 0)
    .reverse()
    .map(
      ({ from, made, notMade }) =>
        html`<tr><th scope="row">${clock.format(from)} UTC</th><td>${made}</td><td>${notMade}</td></tr>`,
    );
  const width = hours.length * (BAR.width + BAR.gap) - BAR.gap;
  return html`<figure class="reports"><figcaption>${today.reports(sum('made'), sum('notMade'))}</figcaption>
<svg viewBox="0 0 ${width} ${BAR.height + 5}" preserveAspectRatio="none" aria-hidden="true">${bars}<path class="base" d="M0 ${BAR.height + 4.5}H${width}"/></svg>
<p class="small quiet ends"><span>${today.dayAgo}</span><span>${today.now}</span></p>
${
  rows.length > 0 &&
  html`<details><summary>${host.asTable}</summary>${table([today.hour, today.made, today.notMade], rows, '')}</details>`
}</figure>`;
}
