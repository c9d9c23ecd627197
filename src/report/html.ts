import type { FollowUp } from './aftermath.js';
import { bill, errorsOf, keyFacts, title, totals, verdict, whereabouts } from './facts.js';
import { pictures, timings } from './html-figures.js';
import { stepCard } from './html-step.js';
import { style } from './html-style.js';
import { duration, money } from './layout.js';
import { marks } from './markdown.js';
import { lines, type Markup, markup, type Part } from './markup.js';
import { failedClaims, type LabRecord, type RunRecord, recorder } from './record.js';
import type { Reporter } from './reporter.js';

/**
 * A lab report as one page: no script, nothing loaded from anywhere (its content security policy forbids both), light and dark,
 * readable on a phone and on paper.
 */
export const html = (write: (text: string) => void, next: FollowUp = {}): Reporter => ({
  on: recorder((record) => write(page(record, next).text)),
});

function page(record: RunRecord, next: FollowUp): Markup {
  const head = title(record);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>${head}: ${verdict(record)}</title>
<style>${style}</style>
</head>
<body>
<main>
${lines([header(record, head), alarm(record), ...record.labs.map((lab) => labSection(lab, record.start.labs.length === 1))])}
${lines([pictures(record), timings(record), madeSection(record, next)])}
<footer>${record.start.run} · printed by kms-lab</footer>
</main>
</body>
</html>
`;
}

function header(record: RunRecord, head: string): Markup {
  const { end } = record;
  const tiles = [...totals(record).map(splitTotal), [duration(end.durationMs), 'from start to end']].map(
    ([number, what]) => markup`<div class="tile"><b>${number}</b><span>${what}</span></div>`,
  );
  const facts = whereabouts(record).filter(([name]) => name !== 'Took');
  return markup`<header>
<p class="eyebrow">AWS KMS lab report</p>
<h1>${head}</h1>
<p><span class="verdict ${end.outcome}">${marks[end.outcome]} ${verdict(record)}</span></p>
<div class="tiles">${tiles}</div>
<dl class="card">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

/** `26 claims` in two: the number stands out. */
function splitTotal(total: string): [string, string] {
  const [number = '', ...what] = total.split(' ');
  return [number, what.join(' ')];
}

/** What went wrong, before anything else. */
function alarm(record: RunRecord): Part {
  const failed = record.labs.flatMap(({ steps }) => steps.filter((step) => failedClaims(step).length > 0));
  const errors = errorsOf(record).map(
    ({ message, hint }) => markup`<div class="card alarm"><b>${message}</b><p class="soft">${hint}</p></div>`,
  );
  if (failed.length === 0 && errors.length === 0) return undefined;
  const steps = failed.map(
    (step) =>
      markup`<li><span class="mark failed">${marks.failed}</span><span><a href="#step-${step.step}">${step.step} ${step.title}</a>${failedClaims(step).map(({ claim }) => markup`<br><span class="soft">${claim}</span>`)}</span></li>`,
  );
  return markup`<section><h2>What failed</h2>
${errors}${steps.length > 0 ? markup`<div class="card alarm"><ul>${steps}</ul></div>` : undefined}
</section>`;
}

function labSection(lab: LabRecord, only: boolean): Markup {
  return markup`<section>
<h2>${only ? 'Steps' : `Lab ${lab.number} · ${lab.title}`}</h2>
${lab.notes.map((note) => markup`<p class="note">${note}</p>`)}
${lines(lab.steps.map(stepCard))}
</section>`;
}

const columns = ['Alias', 'Key', 'Region', 'State', 'Price'] as const;

function madeSection(record: RunRecord, next: FollowUp): Markup {
  const rows = keyFacts(record).map(({ alias, keyId, region, state, stays, monthlyUsd }) => {
    const price = stays ? `${money(monthlyUsd)} a month` : 'nothing more';
    const cells = [alias ?? '–', markup`<code>${keyId}</code>`, region, state, price];
    return markup`<tr>${cells.map((cell, at) => markup`<td data-label="${columns[at]}"><span>${cell}</span></td>`)}</tr>`;
  });
  const table = markup`<div class="card scroll"><table class="made">
<thead><tr>${columns.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${lines(rows)}</tbody>
</table></div>`;
  const { sentence, remove } = bill(record, next);
  const files = record.labs.flatMap(({ end }) =>
    end?.files ? [markup`<p class="note">Files: <code>${end.files}</code></p>`] : [],
  );
  return markup`<section>
<h2>What was made, and what it costs</h2>
${rows.length > 0 ? table : undefined}
<p class="note">${sentence}</p>
${remove ? markup`<pre>${remove}</pre>` : undefined}
${files}
</section>`;
}
