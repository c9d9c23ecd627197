import { Fault } from '../fault.js';
import type { WireRequest } from '../wire/message.js';
import type { Service } from '../wire/protocol.js';
import type { Caller } from './caller.js';

/** What is known about an access key. */
export interface Credential {
  secret: string;
  /** Temporary credentials: the token every request must carry. */
  sessionToken?: string;
  /** Temporary credentials: when they stop working (wall clock). */
  expires?: Date;
  caller: Caller;
}

export type CredentialLookup = (accessKeyId: string) => Credential | undefined;

/** Who asks, and for which Region and service, as the signature proves. */
export interface Verified {
  caller: Caller;
  region: string;
  service: Service;
}

/**
 * Verify a request's AWS Signature Version 4. Throws a Fault with the code the service answers.
 * `now` is the wall clock: signatures do not follow the emulator's movable clock.
 */
export function verify(request: WireRequest, _lookup: CredentialLookup, _now: Date): Verified {
  throw new Fault('MissingAuthenticationTokenException', request.path);
}
