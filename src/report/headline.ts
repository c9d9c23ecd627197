import type { Place, RunStart } from '../lab/events.js';
import { beside, count, flow, money, usable, widest } from './layout.js';
import type { Ink } from './mark.js';
import type { Screen } from './reporter.js';

/** Where the run goes, as whom, and what it will make: told before the first call. */
export function headline({ place, labs }: RunStart, screen: Screen, ink: Ink): string[] {
  const limit = usable(screen.columns, widest);
  const [only] = labs;
  const title = labs.length === 1 && only ? labTitle(only, ink) : count(labs.length, 'lab');
  const label = ink.text(place.label);
  const side = beside(title, label, limit);
  return [
    ...(side ? [ink.style.bold(title) + side.gap + label] : [ink.style.bold(title), label]),
    ...flow('', accountLine(place, ink), limit, ink.dot),
    ...flow('', [makes(labs, place)], limit),
  ];
}

/** `Lab 1 · Symmetric encryption`. */
export const labTitle = (lab: { number: number; title: string }, ink: Ink): string =>
  ink.text(`Lab ${lab.number} · ${lab.title}`);

/** Whose account, where, and as whom, in parts. */
export const accountLine = (place: Place, ink: Ink): string[] =>
  [account(place), place.region, identity(place)].map(ink.text);

const account = ({ account }: Place) => (account === 'unknown' ? 'account unknown' : `account ${account}`);

/** What comes after the account in the caller's ARN: `as user/lab`. */
function identity({ identity }: Place): string {
  return identity === 'unknown' ? 'identity unknown' : `as ${identity.split(':').slice(5).join(':') || identity}`;
}

function makes(labs: RunStart['labs'], place: Place): string {
  const keys = labs.reduce((sum, lab) => sum + lab.keys, 0);
  if (keys === 0) return 'makes no KMS key';
  const usd = labs.reduce((sum, lab) => sum + lab.monthlyUsd, 0);
  const price = `${money(usd)} a month while ${keys === 1 ? 'it exists' : 'they exist'}`;
  const where = { aws: '', local: '; on the embedded KMS nothing', endpoint: ', if this endpoint is AWS' }[place.kind];
  return `makes ${count(keys, 'KMS key')} (${price}${where})`;
}

/** What keys cost here: the embedded KMS costs nothing, so there it is AWS's price. */
export const cost = (usd: number, kind: Place['kind']): string =>
  `${kind === 'aws' ? '' : 'on AWS '}${money(usd)} a month`;
