import { randomBytes } from 'node:crypto';
import type { DataKeySpec } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';

interface DataKeyRequest {
  KeySpec?: DataKeySpec;
  NumberOfBytes?: number;
}

const sizes: Readonly<Record<DataKeySpec, number>> = { AES_128: 16, AES_256: 32 };

/** Exactly one of the two says how long the data key is. */
export function checkLength({ KeySpec, NumberOfBytes }: DataKeyRequest): void {
  if ((KeySpec === undefined) !== (NumberOfBytes === undefined)) return;
  throw new Fault('ValidationException', 'Please specify either number of bytes or key spec.');
}

export function newDataKey({ KeySpec, NumberOfBytes }: DataKeyRequest): Uint8Array {
  return randomBytes(NumberOfBytes ?? sizes[KeySpec ?? 'AES_256']);
}
