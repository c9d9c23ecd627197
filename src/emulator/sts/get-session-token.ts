import type { GetSessionTokenRequest, GetSessionTokenResponse } from '@aws-sdk/client-sts';
import { Fault } from '../fault.js';
import { durationSeconds, multiFactor } from './model.js';
import { refuseMultiFactor } from './multi-factor.js';
import type { StsOperation } from './operation.js';

/** Twelve hours unless told otherwise; a root user's credentials last an hour at most. */
const [usual, longestOfRoot] = [43_200, 3600];

/** Temporary credentials of whoever asks; needs no permission (API_GetSessionToken in the STS API Reference). */
export const getSessionToken: StsOperation = {
  input: { DurationSeconds: durationSeconds('durationSecondsType', 129_600), ...multiFactor },
  issues: true,
  do({ caller, request, sessions, now }): GetSessionTokenResponse {
    if (caller.session) {
      throw new Fault('AccessDenied', 'Cannot call GetSessionToken with session credentials', 403);
    }
    const { DurationSeconds = usual, ...more } = request as GetSessionTokenRequest;
    refuseMultiFactor(more);
    const seconds = caller.arn.endsWith(':root') ? Math.min(DurationSeconds, longestOfRoot) : DurationSeconds;
    const { arn, account, userId, identityPolicies: policies } = caller;
    const session = { issued: now, tags: {}, transitive: [] };
    return { Credentials: sessions.issue({ arn, account, userId, policies, session, expires: now + seconds * 1000 }) };
  },
};
