import { classify, noAwsError } from '../errors.js';
import type { CallRecord } from '../kms/connection.js';
import type { Place } from './events.js';
import { type Claim, isAnswer } from './judge.js';

/** Services as people name them. */
const services: Readonly<Record<CallRecord['service'], string>> = { kms: 'KMS', sts: 'STS', cloudtrail: 'CloudTrail' };

/** Tells what a server is that has no proper answer to a call of a lab: not there, or there and not as AWS is. */
export class Unanswered {
  private asked: CallRecord['service'] = 'kms'; // the last call's
  private served = false; // a call of the lab was done

  called({ service, outcome, simulated }: CallRecord): void {
    this.asked = service;
    this.served ||= outcome === 'ok' && !simulated;
  }

  /**
   * The claim that an error which ended a step fails: the service answered it, or the lab's own code refused, and nobody expected
   * it; or a server that has done other calls, and is not AWS, has no answer to this one. Undefined for any other error.
   */
  claim(error: unknown, place: Place['kind']): Claim | undefined {
    const { kind, message } = classify(error);
    const name = (error as Error)?.name;
    const got = name === noAwsError ? message : `${name}: ${message}`;
    if (kind === 'refused')
      return { claim: 'nothing is refused in this step', passed: false, expected: 'accepted', got };
    const lacks = name === noAwsError && this.served && place !== 'aws';
    if (!isAnswer(error) || !(kind === 'bug' || lacks)) return undefined;
    return {
      claim: `${services[this.asked]} answers every call of this step`,
      passed: false,
      expected: 'an answer',
      got,
    };
  }
}
