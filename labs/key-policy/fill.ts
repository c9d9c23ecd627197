import type { StepContext } from '../../src/lab/define.js';
import { partitionOf } from '../../src/regions.js';

/**
 * A key policy for this account, out of a file of the lab's folder in which ACCOUNT_ID, PARTITION, REGION, DNS_SUFFIX and the
 * names in `more` are places to fill. The learner gets the filled one as `name`.
 */
export async function fillPolicy(
  { files, place }: Pick<StepContext, 'files' | 'place'>,
  name: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const partition = partitionOf(place.region) ?? 'aws';
  const values: Record<string, string> = {
    ACCOUNT_ID: place.account,
    PARTITION: partition,
    REGION: place.region,
    DNS_SUFFIX: partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    ...more,
  };
  const template = Buffer.from(await files.sample(name)).toString();
  const filled = template.replace(/\b[A-Z]+(_[A-Z]+)*\b/g, (word) => values[word] ?? word);
  await files.write(name, Buffer.from(filled));
  return filled;
}
