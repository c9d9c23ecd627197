import type { CallRecord } from '../kms/connection.js';
import { prices } from '../kms/price.js';
import type { KeySummary, LabEnd, StepEnd } from './events.js';
import type { LabKey } from './own.js';

/** What a lab's run amounts to so far. */
export class Tally {
  readonly keys: LabKey[] = [];
  readonly older: KeySummary[] = [];
  readonly steps: LabEnd['steps'] = { passed: 0, failed: 0, skipped: 0, notOffered: 0 };
  readonly claims: LabEnd['claims'] = { passed: 0, failed: 0 };
  calls = 0;

  step(outcome: StepEnd['outcome']): void {
    this.steps[outcome === 'not offered' ? 'notOffered' : outcome]++;
  }

  /** Count a call to KMS itself. A rotation makes its key dearer: each of the first two, every month (AWS KMS pricing). */
  call({ service, operation, input, outcome, region, simulated }: CallRecord): void {
    if (simulated || service !== 'kms') return;
    this.calls++;
    if (operation !== 'RotateKeyOnDemand' || outcome !== 'ok') return;
    const { KeyId = '' } = input as { KeyId?: string };
    const key = this.keys.find(
      ({ keyId, alias, region: at }) => at === region && (KeyId === alias || KeyId.endsWith(keyId)),
    );
    // A multi-Region key is rotated in every Region, and each of its keys is billed by itself.
    for (const same of this.keys.filter(({ keyId }) => keyId === key?.keyId)) {
      same.monthlyUsd = Math.min(same.monthlyUsd + prices.rotationPerMonth, dearest);
    }
  }

  get sums(): Pick<LabEnd, 'steps' | 'claims' | 'calls' | 'keys' | 'older'> {
    const { steps, claims, calls, keys, older } = this;
    return { steps, claims, calls, keys, older };
  }

  get failed(): boolean {
    return this.claims.failed + this.steps.failed > 0;
  }
}

const dearest = prices.keyPerMonth + 2 * prices.rotationPerMonth;
