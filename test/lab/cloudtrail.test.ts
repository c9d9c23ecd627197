import { afterEach, beforeEach, expect, it } from 'vitest';
import { Lab } from '../../src/lab/define.js';
import { openRoom, type Room } from './room.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 1, teaches: [] };

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room.close());

it('A step asks CloudTrail what was done; the call is recorded and has its AWS CLI line', async () => {
  const lab = Lab.define('a-lab', facts).step('Audit', '', async ({ kms, cloudtrail, verify }) => {
    await kms.generateRandom({ NumberOfBytes: 8 });
    const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: 'GenerateRandom' }];
    const { Events = [] } = await (await cloudtrail()).lookupEvents({ LookupAttributes });
    verify.equal('events', Events.length, 1);
  });
  const told = await room.run(lab);
  expect(told.claims('passed')).toEqual(['events']);
  expect(told.of('call')[1]).toMatchObject({
    service: 'cloudtrail',
    operation: 'LookupEvents',
    region: 'us-east-1',
    outcome: 'ok',
  });
  expect(told.of('command')[1]?.line).toBe(
    'aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=GenerateRandom' +
      ' --region us-east-1 --endpoint-url http://127.0.0.1:4599',
  );
});
