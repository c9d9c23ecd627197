import type { WireResponse } from '../../src/emulator/wire/message.js';
import { type Between, type Passing, reset } from '../lab/room.js';

/** What is known of a run when one of its calls is about to fail. */
export interface Meeting extends Passing {
  /** Ctrl-C, as the program hears it. */
  interrupt(): void;
  /** kill -9: nothing of the program goes on after this. */
  kill(): Promise<never>;
}

const broken = (code: string, message = code) => Object.assign(new Error(message), { code });

function answer(status: number, code: string, message: string): WireResponse {
  const body = JSON.stringify({ __type: code, message });
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code }, body };
}

/** What Node.js's HTTP handler throws when no answer comes in time. */
const timeout = () => Object.assign(new Error('Request timed out'), { name: 'TimeoutError' });

/** Every way in which one call can fail; what it stood for may have been done or not. */
export const faults: Readonly<Record<string, (call: Meeting) => Promise<WireResponse>>> = {
  'connection refused': async () => {
    throw broken('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1');
  },
  'reset before the change was applied': async () => {
    throw reset();
  },
  'reset after the change was applied': async ({ pass }) => {
    await pass();
    throw reset();
  },
  'an error of the server': async () => answer(500, 'KMSInternalException', 'An internal error occurred.'),
  'an error of the server after the change was applied': async ({ pass }) => {
    await pass();
    return answer(500, 'KMSInternalException', 'An internal error occurred.');
  },
  'a hang': async ({ pass }) => {
    await pass();
    throw timeout();
  },
  'access denied': async () => answer(400, 'AccessDeniedException', 'User: ann is not authorized to perform this'),
  'expired credentials': async () => answer(400, 'ExpiredTokenException', 'The security token is expired'),
  'Ctrl-C': async ({ pass, interrupt }) => {
    interrupt();
    return await pass();
  },
  'kill -9 before the change was applied': async ({ kill }) => await kill(),
  'kill -9 after the change was applied': async ({ pass, kill }) => {
    await pass();
    return await kill();
  },
};

/** Throttled a few times, then let through: no failure, but a wait. */
export const throttledFor = (times: number): ((call: Meeting) => Promise<WireResponse>) => {
  let left = times;
  return async ({ pass }) => (left-- > 0 ? answer(400, 'ThrottlingException', 'Rate exceeded') : await pass());
};

/** Let everything pass but call number `k` (from 1), which meets a fault; with `onwards` those behind it too. */
export function atCall(
  k: number,
  fault: (call: Meeting) => Promise<WireResponse>,
  of: Pick<Meeting, 'interrupt' | 'kill'>,
  { onwards = false } = {},
): Between {
  let seen = 0;
  return async (passing) => {
    seen++;
    return seen === k || (onwards && seen > k) ? await fault({ ...passing, ...of }) : await passing.pass();
  };
}
