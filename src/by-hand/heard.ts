import type { Act } from '../kms/act.js';
import type { ObservedCall } from '../kms/record.js';

/** What a step did, in order: calls, acts without a call, claims, and files that were read or written. */
export type Heard = HeardCall | HeardAct | HeardFile | HeardClaim;

export interface HeardCall {
  call: ObservedCall;
}

export interface HeardAct {
  does: Act;
}

/** A claim that held, of the call before it. */
export interface HeardClaim {
  claim: string;
}

export interface HeardFile {
  file: { path: string; bytes: Uint8Array };
}

export const callsIn = (heard: readonly Heard[]): ObservedCall[] =>
  heard.flatMap((each) => ('call' in each ? [each.call] : []));

const same = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

/** The members of a call's answer that are bytes, and a policy's text. */
export function bytesIn(output: object | undefined): [member: string, bytes: Uint8Array][] {
  return Object.entries(output ?? {}).flatMap(([member, value]): [string, Uint8Array][] => {
    if (value instanceof Uint8Array) return [[member, value]];
    return member === 'Policy' && typeof value === 'string' ? [[member, Buffer.from(value)]] : [];
  });
}

/** The file into which the step wrote these bytes of an answer; of several answers with the same bytes the last one counts. */
export function savedAs(bytes: Uint8Array, later: readonly Heard[]): string | undefined {
  for (const each of later) {
    if ('file' in each && same(each.file.bytes, bytes)) return each.file.path;
    if ('call' in each && bytesIn(each.call.output).some(([, other]) => same(other, bytes))) return undefined;
  }
  return undefined;
}

/** Whether a program reads, later in the step, the data key whose wrapped form these bytes are. */
export const opensLater = (wrapped: Uint8Array, later: readonly Heard[]): boolean =>
  later.some(
    (each) => 'does' in each && each.does.act === 'program' && each.does.dataKey && same(each.does.dataKey, wrapped),
  );
