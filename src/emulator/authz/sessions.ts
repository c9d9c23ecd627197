import { randomBytes } from 'node:crypto';
import type { Store } from '../store/store.js';
import type { Caller, CallerSession } from './caller.js';
import type { Identities } from './identities.js';
import type { Credential } from './sigv4.js';

/** Whom STS hands temporary credentials, and for how long. */
export interface Grantee {
  /** `arn:aws:sts::111122223333:assumed-role/Reader/alice`; the user's own for GetSessionToken. */
  arn: string;
  /** 12 digits. */
  account: string;
  /** AROA…:session-name; the user's own for GetSessionToken. */
  userId: string;
  /** Identity policies at the time; what the process says of the role later comes before them. */
  policies: readonly unknown[];
  sessionPolicies?: readonly unknown[];
  session: CallerSession;
  /** Milliseconds since 1970 on the wall clock. */
  expires: number;
}

/** Temporary credentials as STS answers them. */
export interface TemporaryCredentials {
  AccessKeyId: string;
  SecretAccessKey: string;
  SessionToken: string;
  Expiration: Date;
}

type SessionRecord = Grantee & Omit<TemporaryCredentials, 'Expiration'>;

const path = (accessKeyId: string) => `session/${accessKeyId}`;
const endPrefix = 'session-end/';
const endPath = (expires: number, accessKeyId = '') =>
  `${endPrefix}${String(expires).padStart(16, '0')}/${accessKeyId}`;

/** Until then an expired session is told from one that never was, in milliseconds. */
const remembered = 86_400_000;

const form = /^ASIA[A-Z2-7]{16}$/;
const newId = () => `ASIA${[...randomBytes(16)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')}`;

/**
 * Temporary credentials. They are part of the stored state, so that every process that works on it accepts them; they end on
 * the wall clock, however far the world's clock is moved.
 */
export class Sessions {
  constructor(
    readonly store: Store,
    readonly identities: Identities,
  ) {}

  find(accessKeyId: string): Credential | undefined {
    if (!form.test(accessKeyId)) return undefined;
    this.store.refresh(); // another process may have handed it out, or reset the state
    const record = this.store.get<SessionRecord>(path(accessKeyId));
    if (!record) return undefined;
    const { account, arn, userId, session, sessionPolicies, expires } = record;
    const policies = session.role === undefined ? undefined : this.identities.policiesOf(session.role);
    const caller: Caller = {
      ...{ accessKeyId, account, arn, userId, session },
      identityPolicies: policies ?? record.policies,
      ...(sessionPolicies && { sessionPolicies }),
    };
    const { SecretAccessKey: secret, SessionToken: sessionToken } = record;
    return { secret, sessionToken, expires: new Date(expires), caller };
  }

  /** Make credentials and remember them; inside a write. */
  issue(grantee: Grantee): TemporaryCredentials {
    this.#forget(grantee.session.issued - remembered);
    const credentials = {
      AccessKeyId: newId(),
      SecretAccessKey: randomBytes(30).toString('base64'),
      SessionToken: randomBytes(192).toString('base64'),
    };
    this.store.put(path(credentials.AccessKeyId), { ...grantee, ...credentials } satisfies SessionRecord);
    this.store.put(endPath(grantee.expires, credentials.AccessKeyId), credentials.AccessKeyId);
    return { ...credentials, Expiration: new Date(grantee.expires) };
  }

  #forget(before: number): void {
    for (const { key, value } of [...this.store.range<string>(endPrefix, { before: endPath(before) })]) {
      this.store.remove(key);
      this.store.remove(path(value));
    }
  }
}
