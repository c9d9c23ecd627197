import type { ClaimEvent } from '../lab/events.js';
import { count, duration } from './layout.js';
import { marks } from './markdown.js';
import { lines, type Markup, markup } from './markup.js';
import { type StepRecord, whyUndone } from './record.js';

/** A step as a card: title, why, claims, notes, lines for the shell. */
export function stepCard(step: StepRecord): Markup {
  const undone = whyUndone(step);
  return markup`<article class="card step" id="step-${step.step}">
<header><span class="number">${step.step}</span><h3>${step.title}</h3>${outcome(step)}</header>
${step.why.trim() ? markup`<p class="why">${step.why}</p>` : undefined}
${undone ? markup`<p class="why">${undone}</p>` : undefined}
${step.claims.length > 0 ? markup`<ul>${lines(step.claims.map(claimItem))}</ul>` : undefined}
${step.notes.map((note) => markup`<p class="note">${note}</p>`)}
${commands(step.commands)}
</article>`;
}

const kinds = { passed: 'passed', failed: 'failed', skipped: 'skipped', 'not offered': 'skipped' } as const;

function outcome({ outcome, durationMs }: StepRecord): Markup {
  if (!outcome) return markup`<span class="outcome skipped">not finished</span>`;
  const word = outcome === 'passed' ? '' : ` ${outcome}`;
  const time = kinds[outcome] === 'skipped' ? undefined : markup` <span class="soft">${duration(durationMs)}</span>`;
  return markup`<span class="outcome"><b class="${kinds[outcome]}" title="${outcome}">${marks[outcome]}${word}</b>${time}</span>`;
}

function claimItem({ claim, outcome, detail, expected, got }: ClaimEvent): Markup {
  const row = (name: string, value: string | undefined) =>
    value === undefined ? undefined : markup`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`;
  const difference =
    outcome === 'failed'
      ? markup`<dl class="difference">${row('expected', expected)}${row('got', got)}</dl>`
      : undefined;
  const said = detail === undefined ? undefined : markup`<span class="detail">${detail}</span>`;
  const mark = markup`<span class="mark ${outcome}" title="${outcome}">${marks[outcome]}</span>`;
  return markup`<li>${mark}<span>${claim}</span>${said}${difference}</li>`;
}

/** Open, since what is closed is not printed on paper. */
function commands(all: readonly string[]): Markup | undefined {
  if (all.length === 0) return undefined;
  return markup`<details open><summary>${count(all.length, 'command line')}</summary>
${lines(all.map((line) => markup`<pre>${line}</pre>`))}
</details>`;
}
