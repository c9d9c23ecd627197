import { Lab, LabError, option } from '../../src/lab/define.js';
import { checks } from './check.js';
import { explained } from './fields.js';
import { type Found, lookUp, toleranceMs } from './look-up.js';
import { ciphertextFile, makeCalls, plaintextFile } from './make-calls.js';
import { everything, inOrder, spellings } from './search.js';
import { fromBytes, type Sent, sentFile, usesKey } from './sent.js';

/** How often the trail is asked again, in milliseconds. */
const everyMs = 30_000;

export default Lab.define('audit', {
  number: 8,
  title: 'Audit with CloudTrail',
  minutes: 10,
  keys: 1,
  teaches: [
    'every call to KMS becomes an event: who, when, from where, with which key',
    'the request id of an answer leads to its event',
    'an encryption context stands in the clear in the event',
    'plaintext, ciphertext and data keys are never in an event',
    'events take minutes, and CloudTrail answers few questions',
  ],
  options: {
    wait: option.duration('how long to look for the events in CloudTrail', '15m'),
    resume: option.flag('make no calls: look again for those of the last run in this folder'),
  },
})
  .step(
    'Make calls worth finding',
    'Each answer of KMS bears a request id. Keep it in your own logs, and it leads you to the event in CloudTrail.',
    async (context) => {
      const { options, verify, files, note, again, place } = context;
      const made = options.resume ? undefined : await makeCalls(context);
      const saved = made ? undefined : await files.read(sentFile);
      const sent: Sent | undefined = made?.sent ?? (saved && fromBytes(saved));
      if (!sent) {
        const hint = `make the calls first, in this folder: ${again('audit')}`;
        throw new LabError('usage', `nothing to resume: kms-lab-files/audit/ has no ${sentFile} of this lab`, { hint });
      }
      if (sent.account !== place.account || sent.region !== place.region) {
        const hint = 'choose that account and Region again: CloudTrail shows the events there alone';
        throw new LabError('guard', `the last run made its calls in account ${sent.account}, ${sent.region}`, { hint });
      }
      const ids = new Set(sent.calls.map(({ requestId }) => requestId).filter(Boolean));
      verify.equal('each call has a request id of its own', ids.size, sent.calls.length);
      if (made) note(`their request ids are saved: ${again('audit', '--resume')} looks for the same calls again`);
      else note(`these are the calls of ${sent.ended}: none was made again`);
      return { sent, secrets: made?.secrets ?? {} };
    },
  )
  .step(
    'Find them in CloudTrail',
    'The event history keeps 90 days for nothing. On AWS an event takes minutes to be there. Ask seldom: CloudTrail answers two requests a second, for the whole account.',
    async ({ cloudtrail, verify, options, note, again, sent }) => {
      const trail = await cloudtrail();
      const found = new Map<string, Found>();
      const all = sent.calls.length;
      const claim = `CloudTrail shows all ${all} calls, found by their request ids`;
      await verify.soon.within({ deadlineMs: options.wait, everyMs }).that(claim, async () => {
        await lookUp(trail, sent, found);
        const missing = sent.calls.filter(({ requestId }) => !found.has(requestId)).map(({ operation }) => operation);
        return {
          holds: missing.length === 0,
          expected: `${all} events`,
          got: `${found.size}, no ${missing.join(', ')}`,
        };
      });
      if (found.size < all) note(`they may still come. Look again later: ${again('audit', '--resume')}`);
      return { found: [...found.values()] };
    },
  )
  .step(
    'Read a record',
    'An event is one JSON record. It says who did what, when, where, and with which key.',
    async ({ verify, files, place, note, sent, found }) => {
      const record = found.find(({ operation }) => operation === 'Decrypt')?.record ?? {};
      verify.equal('eventSource says which service', record.eventSource, 'kms.amazonaws.com');
      verify.equal('eventName says what was done', record.eventName, 'Decrypt');
      verify.equal('userIdentity says who did it', record.userIdentity?.arn, sent.identity);
      const [at, from, to] = [record.eventTime ?? '', sent.begun, sent.ended].map(Date.parse) as [
        number,
        number,
        number,
      ];
      verify.that('eventTime says when', at >= from - toleranceMs && at <= to + toleranceMs, {
        expected: `${sent.begun} to ${sent.ended}, and five minutes for clocks that differ`,
        got: String(record.eventTime),
      });
      verify.equal('awsRegion says where', record.awsRegion, place.region);
      verify.equal('recipientAccountId says whose trail it is', record.recipientAccountId, place.account);
      verify.equal('readOnly: a decryption changes nothing', record.readOnly, true);
      verify.equal('managementEvent: it is one of management, not of data', record.managementEvent, true);
      for (const { operation, record: each } of found) {
        const keys = each.resources?.map(({ ARN }) => ARN).join(', ') ?? '';
        const claim = `resources: ${operation} used ${usesKey(operation) ? 'the key' : 'no key'}`;
        verify.equal(claim, keys, usesKey(operation) ? sent.keyArn : '');
      }
      await files.write('decrypt-event.json', Buffer.from(`${JSON.stringify(record, undefined, 2)}\n`));
      note('kms-lab-files/audit/decrypt-event.json is the whole record. Its fields:');
      for (const line of explained(record)) note(line);
    },
    { byHand: 'Read it off the line for Decrypt: `eventName`, `userIdentity`, `eventTime`, `requestID`, `resources`.' },
  )
  .step(
    'See what stands in the clear',
    'Whoever may read the trail reads the encryption context: never put a secret or personal data in it. It is there to be searched for.',
    async ({ verify, sent, found }) => {
      for (const { operation, record } of found.filter((each) => usesKey(each.operation))) {
        const { encryptionContext } = record.requestParameters ?? {};
        verify.equal(`${operation} shows its encryption context`, inOrder(encryptionContext), inOrder(sent.context));
      }
      const material = found.find(({ operation }) => operation === 'Decrypt')?.record.additionalEventData
        ?.keyMaterialId;
      verify.that(
        'Decrypt names the key material that KMS answered with',
        !!material && material === sent.keyMaterialId,
        {
          expected: String(sent.keyMaterialId),
          got: String(material),
        },
      );
    },
    {
      byHand: 'Look for `encryptionContext` in the same records: department and purpose stand there as you wrote them.',
    },
  )
  .step(
    'Search for what must not be there',
    'An audit trail is read by many. KMS leaves out plaintext, ciphertext, and all that a cryptographic operation answered.',
    async ({ verify, files, note, secrets, found }) => {
      const records = everything(found);
      const plaintext = await files.sample(plaintextFile);
      const blob = (await files.read(ciphertextFile)) ?? new Uint8Array();
      // A blob begins with the name of its key, which a record names as well; its end is what was encrypted.
      const hidden = { plaintext, ciphertext: blob.subarray(-plaintext.length), ...secrets };
      for (const [what, bytes] of Object.entries(hidden))
        verify.hidden(`no record has the ${what}: not as it is, in base64 or in hex`, records, spellings(bytes));
      const answered = found.filter(({ record }) => record.responseElements !== null);
      const names = answered.map(({ operation }) => operation).join(', ');
      verify.equal('no record tells what was answered: responseElements is null in all', names, '');
      if (Object.keys(secrets).length === 0)
        note('the data key went with the run that asked for it: it cannot be searched for');
    },
    {
      byHand:
        'Look through them for what you encrypted, for its ciphertext and for the data key: nothing of it is there.',
    },
  )
  .checkedBy(checks);
