import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LabEvent } from '../../src/lab/events.js';
import { html } from '../../src/report/html.js';
import { onPath } from '../support/on-path.js';
import { claim, keyId, paper, passed } from './events.js';
import { hostile, masterclass } from './masterclass.js';

function told(events: readonly LabEvent[]): string {
  const { screen, tell } = paper();
  return tell(html(screen.write, { cleanup: ['--local'] }), events);
}

const section = (page: string, title: string) =>
  page.split('<section>').find((part) => part.includes(`<h2>${title}</h2>`)) ?? '';
const texts = (part: string) => [...part.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text);

describe('the page', () => {
  it('says where, as whom, what was proven and what it costs', () => {
    const page = told(passed());
    expect(page).toContain('<title>Lab 1 · Symmetric encryption: proven</title>');
    for (const said of ['embedded KMS', '111122223333', 'user/lab', '2026-11-24 10:15:00 UTC', '$1.00 a month']) {
      expect(page).toContain(said);
    }
    expect(page).toContain('<pre>kms-lab cleanup --lab symmetric --local</pre>');
    expect(page).not.toContain('What failed');
  });

  it('opens with what failed, and shows expected and got at the claim', () => {
    const page = told(masterclass());
    expect(page.indexOf('What failed')).toBeLessThan(page.indexOf('Lab 2 · '));
    expect(section(page, 'What failed')).toContain('<a href="#step-4.2">4.2 Decrypt in another Region</a>');
    expect(page).toMatch(/<dt>expected<\/dt><dd><code>arn:aws:kms:us-west-2[^<]*<\/code><\/dd>/);
  });

  it('shows the error that ended a run', () => {
    const error = { kind: 'denied', message: '1.5 not you', hint: 'ask for it' };
    expect(section(told(passed({ run: { error } })), 'What failed')).toMatch(/1\.5 not you.*ask for it/);
  });

  it('loads nothing: no script, no link, no address but its own anchors', () => {
    const page = told(masterclass());
    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'");
    expect(page).not.toMatch(/<(script|link|img|iframe|object)\b|@import|url\(/);
    expect([...page.matchAll(/(?:href|src)="([^"]*)"/g)].filter(([, to]) => !to?.startsWith('#'))).toEqual([]);
  });

  it('shows a hostile text as text', () => {
    const clean = told(hostile('x'));
    const dirty = told(hostile('</style><script>alert(1)</script><img src=x onerror=y>"\' &amp; \u202e\u001b[2J'));
    const tags = (page: string) => page.match(/<\/?[a-z!][^\s>]*/g);
    expect(tags(dirty)).toEqual(tags(clean));
    expect(dirty).not.toContain('\u202e');
    expect(dirty).not.toContain('\u001b');
  });
});

describe('the pictures', () => {
  it('put what came of a key below it, and count it', () => {
    const [picture = ''] = /<svg class="picture"[\s\S]*?<\/svg>/.exec(told(masterclass())) ?? [];
    expect(texts(picture)).toEqual([
      '2 signatures',
      'signed inside KMS',
      'public key',
      'downloaded, used outside KMS',
      'kms-lab-signing-key',
      'us-east-1 · RSA_2048',
      '0c9d…aabb',
    ]);
  });

  it('leave out what KMS refused and what was only simulated', () => {
    const call = {
      type: 'call',
      lab: 'symmetric',
      step: '1.5',
      service: 'kms',
      region: 'us-east-1',
      durationMs: 1,
    } as const;
    const at = passed();
    const calls: LabEvent[] = [
      { ...call, operation: 'Encrypt', input: { KeyId: keyId }, outcome: 'DisabledException' },
      Object.assign(
        { ...call, operation: 'Encrypt', input: { KeyId: keyId }, outcome: 'ok' },
        { simulated: true as const },
      ),
      { ...call, operation: 'GenerateMac', input: { KeyId: keyId }, outcome: 'ok' },
    ];
    const page = told([...at.slice(0, 3), ...calls, ...at.slice(3)]);
    expect(texts(section(page, 'Keys, and what came of them'))).toEqual(expect.arrayContaining(['MAC tag']));
    expect(texts(section(page, 'Keys, and what came of them'))).not.toContain('ciphertext');
  });

  it('show the Regions of a multi-Region key, the primary key first', () => {
    const picture = section(told(masterclass()), 'Multi-Region keys').split('<h2>Multi-Region keys')[1] ?? '';
    const boxes = [...picture.matchAll(/<text class="strong" x="45" y="25">([^<]*)<\/text>\n<text[^>]*>([^<]*)/g)];
    expect(boxes.map(([, region, role]) => [region, role])).toEqual([['us-east-1', 'primary key']]);
    expect(texts(picture).filter((text) => text === 'replica key')).toHaveLength(2);
  });

  it('have a bar per step that ran, the longest as long as there is room', () => {
    const bars = section(told(masterclass()), 'Where the time went');
    const widths = [...bars.matchAll(/class="all" width="([\d.]+)" height="12"\/><rect class="calls"/g)].map(
      ([, width]) => Number(width),
    );
    expect(widths).toEqual([100, 15.29, 56.07, 11.65]);
  });
});

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => onPath(name, '--version'));

describe.skipIf(!chromium)('in Chromium (skipped where it is not installed)', () => {
  async function dump(page: string, args: string[] = []): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'kms-lab-html-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const file = join(folder, 'report.html');
    writeFileSync(file, page);
    const base = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      '--disable-background-networking',
      `--user-data-dir=${folder}/profile`,
    ];
    const all = [...base, ...args, '--dump-dom', pathToFileURL(file).href];
    return (await promisify(execFile)(chromium ?? '', all, { timeout: 20_000 })).stdout;
  }

  /** Says in the page's own document what the browser made of it; the report itself has no script. */
  const probe = (expression: string) =>
    `<script>addEventListener('load', () => { document.body.dataset.probe = JSON.stringify(${expression}); });</script></body>`;

  async function ask(page: string, expression: string, args: string[] = []): Promise<unknown> {
    const open = page.replace(/<meta http-equiv[^>]*>/, '').replace('</body>', () => probe(expression));
    const told = /data-probe="([^"]*)"/.exec(await dump(open, args))?.[1] ?? 'null';
    return JSON.parse(told.replaceAll('&quot;', '"'));
  }

  it.each([1100, 500])('nothing is wider than a window of %i pixels, long texts neither', async (width) => {
    const events = [...masterclass()];
    events.splice(4, 0, {
      ...claim('2.1', 'x'.repeat(500), { detail: 'y'.repeat(300) }),
      lab: 'asymmetric',
    } as LabEvent);
    const wide = await ask(told(events), '[document.documentElement.scrollWidth, innerWidth]', [
      `--window-size=${width},900`,
    ]);
    expect(wide).toEqual([width, width]);
  });

  it('is dark where the reader prefers dark, and light elsewhere', async () => {
    const background = 'getComputedStyle(document.body).backgroundColor';
    expect(await ask(told(passed()), background, ['--blink-settings=preferredColorScheme=0'])).toBe('rgb(18, 21, 24)');
    expect(await ask(told(passed()), background, ['--blink-settings=preferredColorScheme=1'])).toBe(
      'rgb(246, 246, 243)',
    );
  });

  it('runs no script that a hostile text brings', async () => {
    const dom = await dump(
      told(hostile('<script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">')),
    );
    expect(dom).toContain('<title>2 labs: not proven</title>');
    expect(dom).not.toMatch(/<(script|img)/);
  });
});
