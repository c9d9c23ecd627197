import { Fault } from '../fault.js';

/** Nobody here has a second factor: whoever shows one is answered as AWS answers a wrong one. */
export function refuseMultiFactor(request: {
  SerialNumber?: string | undefined;
  TokenCode?: string | undefined;
}): void {
  const { SerialNumber, TokenCode } = request;
  if (SerialNumber === undefined && TokenCode === undefined) return;
  const both = SerialNumber !== undefined && TokenCode !== undefined;
  const why = both
    ? 'with invalid MFA one time pass code. '
    : 'must provide both MFA serial number and one time pass code. ';
  throw new Fault('AccessDenied', `MultiFactorAuthentication failed${both ? ' ' : ', '}${why}`, 403);
}
