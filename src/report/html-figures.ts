import { keyMap, type MappedKey } from './key-map.js';
import { keyPicture, regionsPicture } from './key-picture.js';
import { count, duration } from './layout.js';
import { lines, type Markup, markup, type Part } from './markup.js';
import type { RunRecord, StepRecord } from './record.js';

/** The keys of a run and what came of each; multi-Region keys with their Regions. */
export function pictures(record: RunRecord): Part {
  const keys = keyMap(record);
  if (keys.length === 0) return undefined;
  const trees = keys.map((key) => figure(keyPicture(key)));
  const multiRegion = [...grouped(keys.filter(({ keyId }) => keyId.startsWith('mrk-'))).values()];
  const regions = multiRegion.map((same) => figure(regionsPicture(same), same[0]?.keyId));
  return lines([
    section('Keys, and what came of them', trees),
    ...(regions.length > 0 ? [section('Multi-Region keys', regions)] : []),
  ]);
}

const section = (title: string, figures: readonly Markup[]): Markup =>
  markup`<section><h2>${title}</h2>
<div class="card pictures">${lines(figures)}</div>
</section>`;

const figure = (picture: Markup, caption?: string): Markup =>
  markup`<figure>${caption === undefined ? undefined : markup`<figcaption><code>${caption}</code></figcaption>`}${picture}</figure>`;

function grouped(keys: readonly MappedKey[]): Map<string, MappedKey[]> {
  const groups = new Map<string, MappedKey[]>();
  for (const key of keys) groups.set(key.keyId, [...(groups.get(key.keyId) ?? []), key]);
  return groups;
}

/** How long each step took, and how much of it was spent in calls. */
export function timings({ labs }: RunRecord): Part {
  const steps = labs.flatMap((lab) => lab.steps).filter(({ outcome }) => outcome === 'passed' || outcome === 'failed');
  const longest = Math.max(...steps.map(({ durationMs }) => durationMs));
  if (steps.length === 0 || longest <= 0) return undefined;
  return markup`<section><h2>Where the time went</h2>
<div class="card bars">
${lines(steps.map((step) => bar(step, longest)))}
<p class="legend"><span>${swatch('calls')}in calls</span><span>${swatch('all')}elsewhere in the step</span></p>
</div>
</section>`;
}

function bar({ step, title, durationMs, calls }: StepRecord, longest: number): Markup {
  const share = (ms: number) => ((100 * Math.min(ms, durationMs)) / longest).toFixed(2);
  const inCalls = calls.reduce((sum, call) => sum + call.durationMs, 0);
  const said = `${step} ${title}: ${duration(durationMs)}, ${count(calls.length, 'call')}`;
  return markup`<div class="bar"><span class="number">${step}</span><span class="name" title="${title}">${title}</span>
<svg viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label="${said}"><title>${said}</title><rect class="all" width="${share(durationMs)}" height="12"/><rect class="calls" width="${share(inCalls)}" height="12"/></svg>
<span class="time">${milliseconds(durationMs)}</span></div>`;
}

/** Bars are compared, so short times keep their digits. */
const milliseconds = (ms: number) => (ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : duration(ms));

const swatch = (kind: string): Markup =>
  markup`<svg viewBox="0 0 12 12" aria-hidden="true"><rect class="${kind}" width="12" height="12" rx="3"/></svg>`;
