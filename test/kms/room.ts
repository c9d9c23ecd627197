export { openKms } from '../../src/kms/clients.js';
export { createOwnedKey } from '../../src/kms/own.js';
export { aliasTag } from '../../src/kms/tags.js';
