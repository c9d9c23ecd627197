import type { StepContext } from '../../src/lab/define.js';

export interface Drill {
  KeyId: string;
  home: string;
  there: string;
  sealedHere: Uint8Array;
  message: Uint8Array;
}

/** Take the primary's Region down, in a copy of the world: see what goes on, what can't be done, and that it can be afterwards. */
export async function drill({ simulate, verify }: Pick<StepContext, 'simulate' | 'verify'>, on: Drill): Promise<void> {
  const { KeyId, home, there, sealedHere, message } = on;
  await simulate.world(async ({ kms, outage, advance }) => {
    const promote = (region: string) => kms(region).updatePrimaryRegion({ KeyId, PrimaryRegion: there });
    const back = outage(home);
    const lost = kms(home).decrypt({ KeyId, CiphertextBlob: sealedHere });
    await verify.refused(`${home} is down`, lost, 'ServiceUnavailable');
    const open = kms(there).decrypt({ KeyId, CiphertextBlob: sealedHere });
    await verify.opens(`what it encrypted opens in ${there}`, open, message);
    const { CiphertextBlob } = await kms(there).encrypt({ KeyId, Plaintext: message });
    await verify.opens('and new data is encrypted there', kms(there).decrypt({ KeyId, CiphertextBlob }), message);
    const asked = promote(there);
    await verify.refused('the replica can’t make itself the primary', asked, 'UnsupportedOperationException');
    await verify.refused(`the primary, which could, is in ${home}`, promote(home), 'ServiceUnavailable');
    const rotated = kms(there).rotateKeyOnDemand({ KeyId });
    await verify.refused('nor is a replica rotated', rotated, 'UnsupportedOperationException');
    back();
    await verify.opens(
      `${home} comes back and opens what ${there} made`,
      kms(home).decrypt({ CiphertextBlob }),
      message,
    );
    await verify.allowed('and only now the replica can be promoted', promote(home));
    advance({ minutes: 1 });
    const { KeyMetadata } = await kms(there).describeKey({ KeyId });
    verify.equal(
      `${there} has the primary key then`,
      KeyMetadata?.MultiRegionConfiguration?.MultiRegionKeyType,
      'PRIMARY',
    );
  });
}
