import type { KeyState, OriginType } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';

type Exception = 'DisabledException' | 'KMSInvalidStateException' | 'UnsupportedOperationException';
type Answer = 'ok' | Exception;

/** What each state of a key answers to an operation: a row of "Key states of AWS KMS keys" in the Developer Guide. */
export type KeyStateTable = Readonly<Record<KeyState, Answer>>;

const D = 'DisabledException';
const S = 'KMSInvalidStateException';
const U = 'UnsupportedOperationException';

function row(
  disabled: Answer,
  pendingDeletion: Answer,
  pendingImport: Answer,
  unavailable: Answer,
  creating: Answer,
  updating: Answer,
  enabled: Answer = 'ok',
): KeyStateTable {
  return {
    Enabled: enabled,
    Disabled: disabled,
    PendingDeletion: pendingDeletion,
    PendingReplicaDeletion: pendingDeletion,
    PendingImport: pendingImport,
    Unavailable: unavailable,
    Creating: creating,
    Updating: updating,
  };
}

/**
 * The rows, named by what they govern. Where the guide allows two answers (Disabled or InvalidState for a key pending
 * deletion) KMSInvalidStateException is given.
 */
export const states = {
  //                     Disabled PendDel PendImport Unavailable Creating Updating
  crypto: row(/*       */ D, S, S, S, S, 'ok'),
  dataKeyPair: row(/*  */ D, S, S, U, S, 'ok'),
  publicKey: row(/*    */ 'ok', S, 'ok', 'ok', S, 'ok'),
  anything: row(/*     */ 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  createGrant: row(/*  */ D, S, S, 'ok', S, 'ok'),
  notDying: row(/*     */ 'ok', S, 'ok', 'ok', 'ok', 'ok'),
  onOff: row(/*        */ 'ok', S, S, 'ok', S, S),
  rotation: row(/*     */ D, S, U, U, S, 'ok'),
  rotationStatus: row(/**/ 'ok', 'ok', 'ok', U, 'ok', 'ok'),
  rotateNow: row(/*    */ D, S, S, U, S, 'ok'),
  replicate: row(/*    */ D, S, S, S, S, S),
  promote: row(/*      */ D, S, S, S, S, 'ok'),
  scheduleDeletion: row('ok', S, 'ok', 'ok', 'ok', S),
  cancelDeletion: row(/**/ S, 'ok', S, S, S, S, S),
  importParameters: row('ok', S, 'ok', U, S, S),
  importMaterial: row(/**/ 'ok', S, 'ok', U, S, 'ok'),
  deleteMaterial: row(/**/ 'ok', 'ok', 'ok', U, S, S),
} as const satisfies Record<string, KeyStateTable>;

/** The state in AWS's words, behind "<key ARN> is". */
const words: Readonly<Record<KeyState, string>> = {
  Enabled: 'enabled',
  Disabled: 'disabled',
  PendingDeletion: 'pending deletion',
  PendingReplicaDeletion: 'pending replica deletion',
  PendingImport: 'pending import',
  Unavailable: 'unavailable',
  Creating: 'creating',
  Updating: 'updating',
};

/** The operation is not for keys whose material comes from there. */
export function wrongOrigin(arn: string, origin: OriginType): Fault {
  return new Fault(U, `${arn} origin is ${origin} which is not valid for this operation.`);
}

/** Refuse a key whose state does not allow the operation. */
export function checkState(key: { arn: string; state: KeyState }, table: KeyStateTable): void {
  const answer = table[key.state];
  if (answer === 'ok') return;
  // What waits for its import has the wrong origin for what is done to AWS's own material.
  if (answer === U && key.state === 'PendingImport') throw wrongOrigin(key.arn, 'EXTERNAL');
  // Only cancelling a deletion is refused because the key is not dying.
  const state = table.PendingDeletion === 'ok' && table.Enabled !== 'ok' ? 'not pending deletion' : words[key.state];
  throw new Fault(answer, `${key.arn} is ${state}.`);
}
