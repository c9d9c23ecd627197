import { partition as sdkPartition } from '@aws-sdk/core/client';
import { describe, expect, it } from 'vitest';
import { partitionOf, partitions, regionsOf } from '../../src/regions.js';
import { resolveTarget } from '../../src/target/target.js';
import { awsFiles } from './files.js';

const config = '[default]\nregion = eu-west-1\n[profile work]\nregion = eu-west-2\n';

describe('the Region', () => {
  it('is that of --region, AWS_REGION, AWS_DEFAULT_REGION, the profile, else us-east-1: the first that is said', async () => {
    const all = { ...awsFiles(config), AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-north-1' };
    const { AWS_REGION: _, ...later } = all;
    const { AWS_DEFAULT_REGION: __, ...files } = later;
    expect(await resolveTarget({ region: 'us-west-2' }, all)).toMatchObject({ region: 'us-west-2' });
    expect(await resolveTarget({}, all)).toMatchObject({ region: 'eu-central-1' });
    expect(await resolveTarget({}, later)).toMatchObject({ region: 'eu-north-1' });
    expect(await resolveTarget({}, files)).toMatchObject({ region: 'eu-west-1' });
    expect(await resolveTarget({ profile: 'work' }, files)).toMatchObject({ region: 'eu-west-2' });
    expect(await resolveTarget({}, { ...files, AWS_PROFILE: 'work' })).toMatchObject({ region: 'eu-west-2' });
    expect(await resolveTarget({}, awsFiles(''))).toMatchObject({ region: 'us-east-1', partition: 'aws' });
  });

  it('names the partition', async () => {
    expect(await resolveTarget({ region: 'cn-north-1' }, awsFiles(''))).toMatchObject({ partition: 'aws-cn' });
  });

  it('that AWS does not have is a usage error that names it, who said it, and the nearest', async () => {
    await expect(resolveTarget({ region: 'us-esat-1' }, {})).rejects.toMatchObject({
      kind: 'usage',
      message: '"us-esat-1" (--region) is not an AWS Region',
      hint: expect.stringContaining('did you mean us-east-1?'),
    });
    await expect(resolveTarget({}, { AWS_REGION: 'mars' })).rejects.toMatchObject({
      message: '"mars" (AWS_REGION) is not an AWS Region',
    });
    await expect(resolveTarget({ local: true, region: 'mars' }, {})).rejects.toMatchObject({ kind: 'usage' });
    await expect(resolveTarget({ region: '' }, {})).rejects.toMatchObject({ kind: 'usage' });
  });

  it('of another server may have any name that fits into a signature', async () => {
    const endpointUrl = 'http://127.0.0.1:1';
    expect(await resolveTarget({ endpointUrl, region: 'garage' }, {})).toMatchObject({ region: 'garage' });
    await expect(resolveTarget({ endpointUrl, region: 'a/b' }, {})).rejects.toMatchObject({ kind: 'usage' });
  });

  it('table is the one the SDK has', () => {
    const all = Object.values(partitions).flat();
    for (const region of all) {
      expect(sdkPartition(region), region).toMatchObject({
        name: partitionOf(region),
        description: expect.any(String),
      });
    }
    expect(regionsOf('aws')).toContain('us-east-1');
    expect(regionsOf('aws-cn')).toEqual(['cn-north-1', 'cn-northwest-1']);
  });
});
