import { KMS } from '@aws-sdk/client-kms';
import { clients } from '../../cleanup/clients.js';
import { find } from '../../cleanup/find.js';
import type { Sweep } from '../../cleanup/found.js';
import { classify } from '../../errors.js';
import { many, thousands } from '../../report/age.js';
import { duration } from '../../report/layout.js';
import { type Finding, failed, type Patient, passed, warning } from './check.js';

/** SigV4 refuses a request that is more than five minutes off (IAM User Guide, "Signature Version 4"). */
const refusedMs = 5 * 60_000;
const noticedMs = 30_000;

/** How far this machine's clock is from the endpoint's, by the Date header of an answer, which has whole seconds. */
export async function clockFinding({ target, now }: Patient): Promise<Finding> {
  if (target.kind === 'local') return passed('clock', "the embedded KMS runs on this machine's");
  const client = new KMS({ ...target.connection.config('kms', target.region), maxAttempts: 1 });
  let skew: number | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const sent = now();
      const result = await next(args);
      const { headers = {} } = result.response as { headers?: Record<string, string> };
      const date = Date.parse(headers.date ?? headers.Date ?? '');
      if (!Number.isNaN(date)) skew = (sent + now()) / 2 - (date + 500);
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'kmsLab-date' },
  );
  try {
    // Refused or not, the answer has a date.
    await client.listKeys({ Limit: 1 });
  } catch (error) {
    if (skew === undefined) return unreached(error);
  } finally {
    client.destroy();
  }
  return skew === undefined
    ? warning('clock', `${target.label} does not say what time it is`, "compare this machine's clock yourself")
    : clockText(skew, target.kind === 'aws' ? 'AWS' : target.label);
}

function unreached(error: unknown): Finding {
  const { kind, message, hint } = classify(error);
  return failed('clock', kind, `not known: ${message.split('\n')[0]}`, hint);
}

function clockText(skew: number, whose: string): Finding {
  const off = Math.abs(skew);
  if (off <= 1000) return passed('clock', `within a second of that of ${whose}`);
  const text = `${duration(off)} ${skew > 0 ? 'ahead of' : 'behind'} that of ${whose}`;
  if (off < noticedMs) return passed('clock', text);
  const advice = "set this machine's clock by a time server; signatures are refused from 5 minutes on";
  return off < refusedMs ? warning('clock', text, advice) : failed('clock', 'credentials', text, advice);
}

/** KMS keys that an account may have in a Region (Developer Guide, "Resource quotas"); adjustable. */
const keyQuota = 100_000;

/** All keys of the Region are looked at once: how many there are, and which are the caller's lab keys. */
export async function surveyOf({ target, signal }: Patient, owner: string): Promise<Sweep> {
  const { kms, close } = clients(target.connection, { signal });
  try {
    return await find({ kms, regions: [target.region], filter: { owner } });
  } finally {
    close();
  }
}

/** How many keys the Region has, of those that it may have. */
export function keysFinding({ target }: Patient, survey: Sweep | { error: unknown }): Finding {
  if ('error' in survey) {
    const { kind, message, hint } = classify(survey.error);
    return failed('keys', kind, message.split('\n')[0] ?? '', hint);
  }
  const { keys } = survey.counts;
  const text = `${many(keys, 'key')} in ${target.region}, of ${thousands(keyQuota)} that an account may have`;
  const advice = 'ask for a higher quota in the Service Quotas console, or use another Region';
  return keys < 0.9 * keyQuota ? passed('keys', text) : warning('keys', text, advice);
}
