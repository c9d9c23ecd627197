import type { WireResponse } from '../../src/emulator/wire/message.js';
import { type Between, type Passing, reset } from '../lab/room.js';

/** What is known of a run when one of its calls is about to fail. */
export interface Meeting extends Passing {
  /** Ctrl-C, as the program hears it. */
  interrupt(): void;
  /** kill -9: nothing of the program goes on after this. */
  kill(): Promise<never>;
}

type Meets = (call: Meeting) => Promise<WireResponse>;

/** One way in which a call can fail; what it stood for may have been done or not. */
export interface Fault {
  /** For one run. */
  begin(): Meets;
  /** Every call behind it meets the fault too. */
  onwards?: true;
}

const broken = (code: string, message = code) => Object.assign(new Error(message), { code });

/** An error as the service of the call spells it: STS in XML, the others in JSON. */
function answer({ operation }: Passing, status: number, code: string, message: string): WireResponse {
  const [type, text] =
    operation === ''
      ? ['text/xml', `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`]
      : ['application/x-amz-json-1.1', JSON.stringify({ __type: code, message })];
  return { status, headers: { 'content-type': type }, body: text };
}

/** What Node.js's HTTP handler throws when no answer comes in time. */
const timeout = () => Object.assign(new Error('Request timed out'), { name: 'TimeoutError' });

const once = (meets: Meets): Fault => ({ begin: () => meets });

/** The wire breaks. */
const network: Readonly<Record<string, Fault>> = {
  'connection refused': {
    begin: () => async () => {
      throw broken('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1');
    },
    onwards: true,
  },
  'reset before the change was applied': once(async () => {
    throw reset();
  }),
  'reset after the change was applied': once(async ({ pass }) => {
    await pass();
    throw reset();
  }),
  'a hang': once(async ({ pass }) => {
    await pass();
    throw timeout();
  }),
};

const internal = (call: Passing) => answer(call, 500, 'KMSInternalException', 'An internal error occurred.');

/** The service answers, but not as one would like. */
const service: Readonly<Record<string, Fault>> = {
  'an error of the server': once(async (call) => internal(call)),
  'an error of the server after the change was applied': once(async (call) => {
    await call.pass();
    return internal(call);
  }),
  'access denied': once(async (call) =>
    answer(call, 400, 'AccessDeniedException', 'User: ann is not authorized to perform this'),
  ),
  'expired credentials': {
    begin: () => async (call) => answer(call, 400, 'ExpiredTokenException', 'The security token is expired'),
    onwards: true,
  },
};

/** It takes a while, or the program ends. */
const endings: Readonly<Record<string, Fault>> = {
  'throttled for a while': {
    begin() {
      let left = 3;
      return async (call) => (left-- > 0 ? answer(call, 400, 'ThrottlingException', 'Rate exceeded') : call.pass());
    },
    onwards: true,
  },
  'Ctrl-C': once(async ({ pass, interrupt }) => {
    interrupt();
    return await pass();
  }),
  'kill -9 before the change was applied': {
    begin:
      () =>
      async ({ kill }) =>
        await kill(),
    onwards: true,
  },
  'kill -9 after the change was applied': {
    begin() {
      let alive = true;
      return async ({ pass, kill }) => {
        if (alive) {
          alive = false;
          await pass();
        }
        return await kill();
      };
    },
    onwards: true,
  },
};

/** Every fault by its name, in groups that take about as long as one another. */
export const groups = { network, service, endings };

export const faults: Readonly<Record<string, Fault>> = { ...network, ...service, ...endings };

/** Let everything pass but call number `k` (from 1), which meets the fault; `met` tells whether there was such a call. */
export function atCall(
  k: number,
  { begin, onwards }: Fault,
  of: Pick<Meeting, 'interrupt' | 'kill'>,
): { between: Between; met(): boolean } {
  const meets = begin();
  let seen = 0;
  return {
    met: () => seen >= k,
    between: async (passing) => {
      seen++;
      return seen === k || (onwards && seen > k) ? await meets({ ...passing, ...of }) : await passing.pass();
    },
  };
}
