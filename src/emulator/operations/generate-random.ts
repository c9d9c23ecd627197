import { randomBytes } from 'node:crypto';
import type { GenerateRandomRequest, GenerateRandomResponse } from '@aws-sdk/client-kms';
import { checkRecipient } from '../crypto/ciphertext.js';
import { customKeyStoreNotFound } from '../custom-key-store.js';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';

export const generateRandom: Operation<GenerateRandomRequest, GenerateRandomResponse> = {
  changes: false,
  check(request) {
    checkRecipient(request);
    if (request.CustomKeyStoreId !== undefined) throw customKeyStoreNotFound(request.CustomKeyStoreId);
    if (request.NumberOfBytes === undefined) throw new Fault('ValidationException', 'NumberOfBytes is required.');
  },
  do: ({ request }) => ({ Plaintext: randomBytes(request.NumberOfBytes ?? 0) }),
};
