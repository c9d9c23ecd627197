import type { StepContext } from '../../src/lab/define.js';
import { partitionOf, regionsOf } from '../../src/regions.js';
import type { Made } from './access.js';
import { provoker } from './provoke.js';

type Context = Pick<StepContext, 'kms' | 'kmsIn' | 'verify' | 'note' | 'place'>;

/** Another Region of the same partition, one that every account has from the start if there is one. */
function otherRegion(region: string): string {
  const usual = ['us-west-2', 'us-east-1'];
  const partition = partitionOf(region);
  const all = partition ? regionsOf(partition) : usual;
  return [...usual.filter((name) => all.includes(name)), ...all].find((name) => name !== region) ?? region;
}

/** Look for the key under a misspelt name, and in a Region that does not have it. */
export async function notFound(context: Context, made: Made & { alias: string; Arn: string }): Promise<void> {
  const { kms, kmsIn, verify, note, place } = context;
  const { KeyId, Arn, message, blob, alias } = made;
  const provoke = provoker({ verify, note });
  const misspelt = `${alias}-misspelt`;
  await provoke('an alias that nobody made', 'NotFoundException', () => kms.describeKey({ KeyId: misspelt }));
  const named = async () => {
    const { Aliases = [] } = await kms.listAliases({ KeyId });
    return Aliases.map(({ AliasName }) => AliasName).join(' ');
  };
  await verify.soon.equal('ListAliases says what the key is called', named, alias);
  const { KeyMetadata } = await kms.describeKey({ KeyId: alias });
  verify.equal('repaired: by that name it is found', KeyMetadata?.Arn, Arn);

  const there = otherRegion(place.region);
  const elsewhere = kmsIn(there);
  await provoke(`${there} has no key of that id`, 'NotFoundException', () => elsewhere.describeKey({ KeyId }));
  const aliasArn = Arn.replace(/key\/.*/, alias);
  await provoke('nor does it look where an ARN points', 'NotFoundException', () =>
    elsewhere.describeKey({ KeyId: aliasArn }),
  );
  await provoke('asked to find the key by itself, it denies', 'AccessDeniedException', () =>
    elsewhere.decrypt({ CiphertextBlob: blob }),
  );
  verify.equal('the ARN tells the Region', Arn.split(':')[3], place.region);
  await verify.opens(`repaired: ${place.region} opens it`, kms.decrypt({ CiphertextBlob: blob }), message);
}
