import { apply, type Result } from '../../src/cleanup/apply.js';
import { type Prepared, prepare } from '../../src/cleanup/prepare.js';
import { type InProcessHandler, requestHandler } from '../../src/emulator/handler.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';
import { tags } from './account.js';
import { VirtualTime } from './virtual-time.js';

export const regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-southeast-2'];
const me = 'arn:aws:iam::111122223333:user/lab';
/** An answer of AWS, in milliseconds. */
const latency = 40;

export interface BigAccount {
  on: KmsUnderTest;
  time: VirtualTime;
  /** Calls so far, by operation. */
  calls: Map<string, number>;
  throttled: number;
  /** What cleanup said that it waits for. */
  waits: Set<string>;
  /** Find, plan and carry out, and how long each took on the moved clock, in seconds. */
  clean(share?: number): Promise<{ prepared: Prepared; result: Result; found: number; applied: number }>;
  close(): Promise<void>;
}

/** An account with `keys` keys over four Regions, of which every tenth is a lab's with its alias; quotas as AWS's. */
export async function bigAccount(keys: number): Promise<BigAccount> {
  const time = new VirtualTime();
  const on = await kmsUnderTest({ now: time.now });
  const kms = new Map(regions.map((region) => [region, on.as({ region })]));
  for (let n = 0; n < keys; n++) {
    const client = kms.get(regions[n % regions.length] ?? '');
    const ours = Math.floor(n / regions.length) % 10 === 0;
    const alias = `alias/kms-lab-${n}`;
    const Tags = Object.entries(tags({ 'kms-lab:owner': me, 'kms-lab:alias': alias })).map(([TagKey, TagValue]) => ({
      TagKey,
      TagValue,
    }));
    const made = await client?.createKey(ours ? { Tags } : {});
    if (ours) await client?.createAlias({ AliasName: alias, TargetKeyId: made?.KeyMetadata?.KeyId as string });
  }
  on.emulator.conditions.quotas();
  const account: Omit<BigAccount, 'clean'> = {
    on,
    time,
    calls: new Map(),
    throttled: 0,
    waits: new Set(),
    close: () => on.close(),
  };
  return Object.assign(account, { clean: (share?: number) => cleaned(account, share) });
}

async function cleaned(account: Omit<BigAccount, 'clean'>, share?: number) {
  const { time } = account;
  const connection = {
    config: (_service: string, region: string) => ({
      region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: slow(account),
    }),
    cli: {},
  };
  const access = { account: '111122223333', identity: me, connection };
  const started = time.now();
  const filter = { owner: me };
  const onThrottled = (what: string) => void account.waits.add(what);
  const how = { regions, filter, action: 'remove', time, onThrottled } as const;
  const prepared = await prepare(access, { ...how, ...(share && { share }) });
  const planned = time.now();
  const result = await apply(prepared.plan, { kms: prepared.clients.kms, time });
  prepared.clients.close();
  return { prepared, result, found: (planned - started) / 1000, applied: (time.now() - planned) / 1000 };
}

/** The emulator, as far away as AWS is. */
function slow(account: Omit<BigAccount, 'clean'>): InProcessHandler {
  const inner = requestHandler(account.on.emulator);
  return {
    ...inner,
    async handle(request, options) {
      const operation = request.headers['x-amz-target']?.split('.')[1] ?? '';
      account.calls.set(operation, (account.calls.get(operation) ?? 0) + 1);
      await account.time.sleep(latency / 2);
      const answer = await account.time.during(() => inner.handle(request, options));
      if (answer.response.statusCode === 400) account.throttled++;
      await account.time.sleep(latency / 2);
      return answer;
    },
  };
}
