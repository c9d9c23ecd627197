import type { ImportKeyMaterialRequest, ImportKeyMaterialResponse } from '@aws-sdk/client-kms';
import { importedId, openToken } from '../crypto/import-token.js';
import { importedSecret } from '../crypto/imported.js';
import { unwrap } from '../crypto/unwrap.js';
import { Fault } from '../fault.js';
import type { Call, Checked, Operation } from '../operation.js';
import { checkAssociation, importTypeOf } from '../world/association.js';
import { checkExpiration, expiryOf } from '../world/expiry.js';
import { putMaterial } from '../world/imports.js';
import type { Key } from '../world/records.js';
import { states, wrongOrigin } from '../world/states.js';

type Request = Checked<ImportKeyMaterialRequest>;

/** These tell generations apart, which only symmetric encryption keys have. */
const symmetricOnly = ['ImportType', 'KeyMaterialDescription', 'KeyMaterialId'] as const;

function checkKey({ arn, shared }: Key, request: Request): void {
  if (shared.origin !== 'EXTERNAL') throw wrongOrigin(arn, shared.origin);
  const wrong = shared.spec !== 'SYMMETRIC_DEFAULT' && symmetricOnly.find((member) => request[member] !== undefined);
  if (wrong) throw new Fault('UnsupportedOperationException', `${wrong} is not supported for key spec ${shared.spec}.`);
}

function importInto({ world, key, request }: Call<ImportKeyMaterialRequest>): string {
  const expires = expiryOf(request, world.now);
  const bytes = unwrap(openToken(key, request.ImportToken, world.now), request.EncryptedKeyMaterial);
  const secret = importedSecret(key.shared.spec, bytes);
  const id = importedId(key, secret);
  checkAssociation(key, id, importTypeOf(key, request), request.KeyMaterialId);
  const { KeyMaterialDescription: description } = request;
  putMaterial(
    world,
    key,
    { id, secret, created: world.now },
    { ...(expires === undefined ? {} : { expires }), ...(description === undefined ? {} : { description }) },
  );
  return id;
}

export const importKeyMaterial: Operation<ImportKeyMaterialRequest, ImportKeyMaterialResponse> = {
  changes: true,
  check: checkExpiration,
  key: { member: 'KeyId', forms: 'key', states: states.importMaterial },
  do(call) {
    const { key, request } = call;
    checkKey(key, request);
    const id = importInto(call);
    return { KeyId: key.arn, ...(key.shared.spec === 'SYMMETRIC_DEFAULT' ? { KeyMaterialId: id } : {}) };
  },
};
