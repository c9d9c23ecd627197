import type { KeySummary, LabEnd, Stopped } from '../lab/events.js';
import { command, type FollowUp } from './aftermath.js';
import { cost } from './headline.js';
import { count, duration } from './layout.js';
import type { LabRecord, RunRecord } from './record.js';

/**
 * What labs that passed have proven. What the target does not offer, or the person left out, is part of the verdict: a report
 * is handed in, and a run of one step is not the lab.
 */
export function proven(labs: readonly LabEnd[]): string {
  const sum = (outcome: keyof LabEnd['steps']) => labs.reduce((total, { steps }) => total + steps[outcome], 0);
  if (sum('skipped') > 0 && sum('passed') === 0) return 'nothing was done';
  const missing = sum('notOffered');
  const left = sum('skipped') > 0 ? ' as far as it went' : '';
  return `proven${left}${missing > 0 ? `, ${count(missing, 'step')} not offered` : ''}`;
}

/** How a run ended, in a word. */
export function verdict({ end, labs, start }: RunRecord): string {
  if (end.outcome === 'passed') return proven(labs.flatMap((lab) => lab.end ?? []));
  const all = start.labs.every(({ lab }) => labs.some((each) => each.lab === lab && each.end?.outcome === 'passed'));
  return all ? 'proven, but the run failed' : 'not proven';
}

/** What labs could not go on for, each in its order; then what the run itself met. */
export function errorsOf({ labs, end }: Pick<RunRecord, 'labs' | 'end'>): Stopped[] {
  const ofLabs = labs.flatMap((lab) => lab.end?.error ?? []);
  const known = ofLabs.some((error) => isSame(error, end.error));
  return end.error && !known ? [...ofLabs, end.error] : ofLabs;
}

export const isSame = (one: Stopped | undefined, other: Stopped | undefined): boolean =>
  one?.kind === other?.kind && one?.message === other?.message;

/** `Lab 1 · Symmetric encryption`, or how many labs. */
export function title({ start }: RunRecord): string {
  const [only] = start.labs;
  return start.labs.length === 1 && only ? `Lab ${only.number} · ${only.title}` : count(start.labs.length, 'lab');
}

/** Where a run went, as whom, when: a label and a value each. */
export function whereabouts({ start, end }: RunRecord): [string, string][] {
  const { place } = start;
  return [
    ['Target', place.label],
    ['Account', place.account],
    ['Region', place.region],
    ['Identity', place.identity],
    ['Namespace', start.namespace],
    ['Run', start.run],
    ['Started', moment(start.time)],
    ['Took', duration(end.durationMs)],
  ];
}

/** `2026-11-24 10:15:00 UTC` from an ISO 8601 time. */
const moment = (time: string) => time.replace(/^(\S+)T(\S+?)(?:\.\d+)?Z$/, '$1 $2 UTC');

/** A key in the account after a run. */
export interface KeyFact extends KeySummary {
  lab: string;
  /** What became of it: "made", "used again", "of an earlier run", and whether it is going. */
  state: string;
  /** It costs money until it is removed. */
  stays: boolean;
}

/** The keys that a run made, used again, or left behind earlier. */
export function keyFacts({ labs, end }: RunRecord): KeyFact[] {
  const going = new Set(end.cleanup?.scheduled.map(nameOf));
  const fact = (lab: LabRecord, state: string) => (key: KeySummary) => {
    const stays = !going.has(nameOf(key));
    return { ...key, lab: lab.lab, state: stays ? state : `${state}, scheduled for deletion`, stays };
  };
  return labs.flatMap((lab) => [
    ...(lab.end?.keys ?? []).map((key) => fact(lab, key.made ? 'made' : 'used again')(key)),
    ...(lab.end?.older ?? []).map(fact(lab, 'of an earlier run, without an alias')),
  ]);
}

const nameOf = ({ keyId, region }: KeySummary) => `${region} ${keyId}`;

/** What stays and what that costs, in a sentence; and the line that removes it, when something stays. */
export function bill(record: RunRecord, next: FollowUp): { sentence: string; remove?: string } {
  const { kind } = record.start.place;
  if (next.gone) return { sentence: 'Nothing stays: the keys were kept in memory, and are gone with this run.' };
  const staying = keyFacts(record).filter(({ stays }) => stays);
  if (staying.length === 0) return { sentence: 'Nothing is left that costs money.' };
  const usd = staying.reduce((sum, key) => sum + key.monthlyUsd, 0);
  const what = `${count(staying.length, 'KMS key')} ${staying.length === 1 ? 'stays' : 'stay'}`;
  const [only, ...others] = new Set(staying.map(({ lab }) => lab));
  const which = only && others.length === 0 ? ['--lab', only] : [];
  return {
    sentence: `${what}: ${cost(usd, kind)}${kind === 'local' ? ', on the embedded KMS nothing' : ''}.`,
    remove: command(['kms-lab', 'cleanup', ...which, ...(next.cleanup ?? [])]),
  };
}

/** `8 steps · 26 claims · 19 calls to KMS`. */
export function totals({ end }: RunRecord): string[] {
  const { passed, failed } = end.claims;
  const claims = failed > 0 ? `${passed} of ${count(passed + failed, 'claim')} held` : count(passed, 'claim');
  return [count(end.steps, 'step'), claims, `${count(end.calls, 'call')} to KMS`];
}
