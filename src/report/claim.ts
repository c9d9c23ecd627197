import type { ClaimEvent, StepEnd } from '../lab/events.js';
import { beside, hang, prose, width } from './layout.js';
import type { Ink, Mark } from './mark.js';

const indent = '     ';

/** `1.1  Create a symmetric key`. */
export function stepTitle(step: { step: string; title: string }, ink: Ink, limit: number): string[] {
  return hang(`${ink.text(step.step)}  `, ink.text(step.title), limit).map((line) => ink.style.bold(line));
}

/** Why a step is worth doing: prose below its title. */
export function whyLines(why: string, ink: Ink, limit: number): string[] {
  if (!why.trim()) return [];
  return hang(indent, ink.text(why), Math.min(limit, prose)).map((line) => ink.style.dim(line));
}

/** A claim with its mark, its detail at the right; below a failed one what was expected and what came. */
export function claimLines(claim: ClaimEvent, ink: Ink, limit: number): string[] {
  const lines = hang(`${indent}${ink.mark(claim.outcome)} `, ink.text(claim.claim), limit);
  const told = claim.detail ? withDetail(lines, ink.text(claim.detail), ink, limit) : lines;
  return [
    ...told.map((line, at) => (at === 0 ? tinted(line, claim.outcome, ink) : line)),
    ...difference(claim, ink, limit),
  ];
}

function withDetail(lines: string[], detail: string, ink: Ink, limit: number): string[] {
  const last = lines.at(-1) ?? '';
  const side = beside(last, detail, limit);
  if (side) return [...lines.slice(0, -1), last + side.gap + ink.style.dim(detail)];
  const alone = beside('', detail, limit);
  if (alone && width(detail) <= 60) return [...lines, alone.gap + ink.style.dim(detail)];
  return [...lines, ...hang(`${indent}    `, detail, limit).map((line) => ink.style.dim(line))];
}

/** Colour the mark alone. */
function tinted(line: string, mark: Mark, ink: Ink): string {
  const end = indent.length + ink.mark(mark).length;
  return indent + ink.tint(mark)(line.slice(indent.length, end)) + line.slice(end);
}

function difference({ expected, got, outcome }: ClaimEvent, ink: Ink, limit: number): string[] {
  if (outcome === 'passed') return [];
  // Two ids that are shortened to the same text would look equal.
  const alike = expected !== undefined && got !== undefined && expected !== got && ink.text(expected) === ink.text(got);
  const show = (label: string, value: string | undefined) =>
    value === undefined ? [] : hang(`${indent}    ${label.padEnd(10)}`, (alike ? ink.whole : ink.text)(value), limit);
  return [...show('expected', expected), ...show('got', got)];
}

/** A step that was not done. `begun`: its title is already on the screen. */
export function undone(end: StepEnd, begun: boolean, ink: Ink, limit: number): string[] {
  if (end.outcome !== 'skipped' && end.outcome !== 'not offered') return [];
  if (begun) {
    const why =
      end.outcome === 'skipped'
        ? `skipped: ${end.reason ?? 'it needs a step that did not succeed'}`
        : `not offered by this target${end.reason ? `: ${end.reason}` : ''}`;
    return hang(`${indent}${ink.mark('skipped')} `, ink.text(why), limit);
  }
  const title = `${ink.text(end.step)}  ${ink.text(end.title)}`;
  const right = `${ink.mark('skipped').trimEnd()} ${end.outcome}`;
  const side = beside(title, right, limit);
  return side
    ? [ink.style.dim(title + side.gap + right)]
    : hang('', `${title} ${right}`, limit).map((line) => ink.style.dim(line));
}
