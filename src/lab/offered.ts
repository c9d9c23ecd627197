import { troubleOf } from '../kms/middleware.js';

/** A target does not have what a step needs: `simulate`, say. An optional step then ends as "not offered", any other fails. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered';
}

/** How servers say that they do not have an operation (AWS's two spellings; AWS itself answers neither to these labs). */
const unknown = new Set(['UnsupportedOperationException', 'UnknownOperationException']);

/**
 * Why a target does not offer what a step asked of it; undefined for any other error. A validation error counts only when it
 * names the key spec: the server does not know that kind of key.
 */
export function whyNotOffered(error: unknown): string | undefined {
  // By its name, since another copy of kms-lab may have made it.
  if (error instanceof Error && error.name === 'NotOffered') return error.message;
  const { name = '' } = troubleOf(error);
  const message = error instanceof Error ? error.message : '';
  if (unknown.has(name) || (name === 'ValidationException' && /key_?spec/i.test(message)))
    return [name, message].filter(Boolean).join(': ');
  return undefined;
}
