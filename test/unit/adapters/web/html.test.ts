import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from '../../../../src/adapters/web/html.ts';

test('what is put into a template is escaped', () => {
  const markup = html`<a title="${`"'<&>`}">${'<script>'}</a>`;
  assert.equal(markup.text, '<a title="&quot;&#39;&lt;&amp;&gt;">&lt;script&gt;</a>');
});

test('templates are put in as they are, lists are joined, and nothing is nothing', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
  assert.equal(
    html`<ul>${items}</ul>${undefined}${false}${0}`.text,
    '<ul><li>a</li><li>&lt;b&gt;</li></ul>0',
  );
});
