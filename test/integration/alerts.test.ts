import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { hashSync } from '@node-rs/bcrypt';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { userSection } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { keepSecret, keepText } from '../support/kept-output.ts';
import { runProcess } from '../support/run-process.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { ServedProgram } from '../support/served-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toolPath } from '../support/tools.ts';
import { until } from '../support/until.ts';

const RULES = join(REPOSITORY, 'docs/monitoring/alerts.yml');
const ALERTS = Array.from(
  readFileSync(RULES, 'utf8').matchAll(/^ +- alert: (\w+)$/gm),
  ([, name = '']) => name,
);
const PASSWORD = 'a password of alice';
keepSecret(PASSWORD);
/** Minutes after which somebody looks at the alerts; longer than any of them waits. */
const MINUTES = 60;

/** The counts of dynonym itself in one answer of `/metrics`, by name and labels. */
type Samples = ReadonlyMap<string, number>;

describeWithTools('the alert rules, of a program whose primary is dead', ['promtool'], () => {
  let program: ServedProgram;
  let http = '';
  let admin = '';
  let primary = '';
  let quiet: Samples;
  let failing: readonly [Samples, Samples];
  /** What `/metrics` answered last. */
  let text = '';

  const scrape = async (): Promise<Samples> => {
    text = await (await fetch(`${admin}/metrics`)).text();
    keepText('metrics')(text);
    const samples = text.matchAll(/^(dynonym_\w+(?:\{.*\})?) (\S+)$/gm);
    return new Map(Array.from(samples, ([, series = '', value]) => [series, Number(value)]));
  };
  const update = () =>
    fetch(`${http}/nic/update?hostname=home.example.org&myip=192.0.2.1`, {
      headers: { Authorization: `Basic ${Buffer.from(`alice:${PASSWORD}`).toString('base64')}` },
    });

  before(async () => {
    primary = `127.0.0.1:${await freePort()}`;
    program = await ServedProgram.start(
      `
[http]
socket = "127.0.0.1:0"
[dns]
socket = "${primary}"
zones = ["example.org"]
[admin]
socket = "127.0.0.1:0"
${userSection('alice', hashSync(PASSWORD, 4), ['home.example.org'])}`,
      2,
    );
    [http = '', admin = ''] = program.urls;
    quiet = await scrape();
    const gaveUp = async () => {
      assert.equal((await update()).status, 503);
      return (await scrape()).get(`dynonym_primary_up{primary="${primary}"}`) === 0;
    };
    await until(gaveUp, { what: 'the primary to be given up' });
    const first = await scrape();
    for (let request = 0; request < 10; request += 1) await update();
    failing = [first, await scrape()];
  });
  after(() => program.stop());

  /** What promtool has to say where each minute is like the one between the two scrapes. */
  const judge = async ([first, second]: readonly [Samples, Samples], expected: readonly Alert[]) => {
    const file = join(tempFolder(), 'test.json');
    const series = Array.from(first, ([name, value]) => {
      const step = (second.get(name) ?? value) - value;
      return { series: withLabels(name), values: `${value}+${step.toFixed(6)}x${MINUTES}` };
    });
    const test = {
      rule_files: [RULES],
      tests: [
        {
          interval: '1m',
          input_series: series,
          alert_rule_test: ALERTS.map((alertname) => ({
            eval_time: `${MINUTES}m`,
            alertname,
            exp_alerts: expected.filter((alert) => alert.name === alertname).map(asExpected),
          })),
        },
      ],
    };
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(test));
    const { status, stdout, stderr } = await runProcess(toolPath('promtool'), ['test', 'rules', file]);
    assert.equal(status, 0, stdout + stderr);
  };

  it('have nothing that Prometheus does not know', async () => {
    const { status, stderr } = await runProcess(toolPath('promtool'), ['check', 'rules', RULES]);
    assert.equal(status, 0, stderr);
  });

  it('are about metrics of which promtool has nothing to say', async () => {
    const checked = await runProcess(toolPath('promtool'), ['check', 'metrics'], { stdin: text });
    assert.deepEqual([checked.status, checked.stdout + checked.stderr], [0, '']);
    assert.match(text, /^dynonym_primary_up/m);
  });

  it('say nothing while nobody asks for anything', async () => {
    assert.equal(quiet.get(`dynonym_primary_up{primary="${primary}"}`), 1);
    await judge([quiet, quiet], []);
  });

  it('tell of the primary and of the updates that fail', async () => {
    await judge(failing, [
      {
        name: 'DynonymPrimaryDown',
        labels: { severity: 'critical', job: 'dynonym', primary },
        summary: `The primary ${primary} does not answer here.`,
      },
      {
        name: 'DynonymCannotConfirmUpdates',
        labels: { severity: 'critical', fault: 'DNS_UNREACHABLE' },
        summary: 'More than 5 % of the updates of here end with DNS_UNREACHABLE: see docs/errors.md.',
      },
      {
        name: 'DynonymNamesFail',
        labels: { severity: 'warning', fault: 'DNS_UNREACHABLE' },
        summary: 'Some names of here have failed for half an hour: DNS_UNREACHABLE.',
      },
      {
        name: 'DynonymErrors',
        labels: { severity: 'warning', route: '/nic/update' },
        summary: '/nic/update of here answers 500 or 503: look into the log.',
      },
    ]);
  });
});

type Alert = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
};

const asExpected = ({ labels, summary }: Alert) => ({
  exp_labels: { instance: 'here', ...labels },
  exp_annotations: { summary },
});

/** With the labels that Prometheus adds to what it scrapes. */
const withLabels = (series: string): string => {
  const [, name, labels = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(series) ?? [];
  return `${name}{job="dynonym",instance="here"${labels && `,${labels}`}}`;
};
