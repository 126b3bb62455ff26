import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { markup, escapeHtml } from './html.js';
import { renderReport } from './render-report.js';
import { sampleRun } from './run-result.fixture.js';

const RUN = sampleRun({ hours: 3000, tradeEvery: 10 });
const PAGE = renderReport(RUN, { rows: 100 });

/** Contents of all elements of a kind that have no attributes. */
function contents(tag: string): readonly string[] {
  return [...PAGE.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map((match) => match[1]!);
}

describe('renderReport', () => {
  it('allows exactly its own styles and scripts, and nothing from the network', () => {
    const policy = /content="(default-src [^"]*)"/.exec(PAGE)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const allowed = [...contents('style'), ...contents('script')].map(hash);
    expect(allowed).toHaveLength(3);
    expect(policy).toContain("default-src 'none'");
    expect(policy.match(/'sha256-[^']*'/g)).toEqual(allowed);
    expect(PAGE).not.toMatch(/\s(?:src|href|on\w+|style)=/);
    expect(PAGE).not.toMatch(/@import|url\(/);
  });

  it('escapes every text that comes from outside', () => {
    expect(PAGE).toContain('name: demo # &lt;script&gt;alert(&quot;no&quot;)&lt;/script&gt;');
    expect(PAGE).toContain('&lt;b&gt;paused&lt;/b&gt; &quot;mean-reversion&quot; &amp; co.');
    const hostile = '</script><script>alert(1)</script><!--"\'';
    const page = renderReport({
      ...RUN,
      name: hostile,
      runId: hostile,
      decisionHash: hostile,
      config: hostile,
      warnings: [hostile],
      currency: hostile,
      books: { [hostile]: RUN.books['CORE']! },
      costs: [{ label: hostile, text: hostile }],
    });
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<!--');
    expect(page.match(/<script>/g)).toHaveLength(2);
  });

  it('cannot be ended by data in a script element', () => {
    const fills = { ...RUN.fills, total: 1, first: 0, at: () => ({ ...RUN.fills.at(0), symbol: '</script><b>' }) };
    const page = renderReport({ ...RUN, fills });
    const data = /id="fills-rows">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
    expect(data).toContain('\\u003c/script\\u003e');
    expect(JSON.parse(data)[0][1]).toBe('</script><b>');
  });

  it('says how many rows it shows of how many', () => {
    expect(RUN.fills.total).toBe(600);
    expect(PAGE).toContain(`The newest 100 of 600 fills, newest first; the run folder&#39;s fills.parquet has all.`);
    const rows = JSON.parse(/id="fills-rows">(.*?)<\/script>/s.exec(PAGE)?.[1] ?? '[]');
    expect(rows).toHaveLength(100);
    expect(rows[0][9]).toBe(RUN.fills.at(599).orderId);
    expect(renderReport(RUN)).toContain('All 600 fills, newest first.');
  });

  it('has one main heading, headed sections, and scopes on every header cell', () => {
    expect(PAGE.match(/<h1/g)).toHaveLength(1);
    const headings = [...PAGE.matchAll(/<h2[^>]*>([^<]+)</g)].map((match) => match[1]);
    expect(headings).toEqual([
      'Read this first',
      'Equity and drawdown',
      'Monthly returns',
      'Metrics',
      'Drawdowns',
      'Books',
      'Strategies',
      'Trades',
      'Fills',
      'Costs and fills',
      'Data',
      'Notices',
      'Configuration',
      'Identity',
    ]);
    expect(PAGE).not.toMatch(/<th(?![^>]* scope=)[ >]/);
    expect(PAGE.match(/<table/g)?.length).toBe(PAGE.match(/<caption/g)?.length);
    expect(PAGE).toContain('<html lang="en">');
  });

  it('shows identity, warnings, metrics and data', () => {
    for (const text of [
      RUN.runId,
      RUN.decisionHash,
      'this-close',
      'Profit factor',
      'high below low',
      '20 USD an order',
    ]) {
      expect(PAGE).toContain(text);
    }
  });

  it('renders a run in which nothing happened', () => {
    const empty = sampleRun({ hours: 0, tradeEvery: 10 });
    const page = renderReport({
      ...empty,
      books: {},
      strategies: {},
      sources: [],
      costs: [],
      warnings: [],
      strategyHashes: {},
    });
    expect(page).toContain('The run marked no equity.');
    expect(page).toContain('All 0 trades');
    expect(page.replaceAll(/<script>.*?<\/script>/gs, '')).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('markup', () => {
  it('escapes values, keeps markup, and drops only its own indentation', () => {
    const inner = markup`<b>${'a & b'}</b>`;
    const text = markup`<p title="${'"'}">
      ${inner}${['<', 1]}${'\n  kept'}
    </p>`.text;
    expect(text).toBe('<p title="&quot;">\n<b>a &amp; b</b>&lt;1\n  kept\n</p>');
    expect(escapeHtml(`<>&"'`)).toBe('&lt;&gt;&amp;&quot;&#39;');
  });
});
