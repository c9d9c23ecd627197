import type { StepContext } from '../../src/lab/define.js';
import { openerOf } from './policy.js';
import type { Roles } from './roles.js';

type Kms = StepContext['kms'];

/** What the matrix asks with. */
export interface Subject {
  KeyId: string;
  Plaintext: Uint8Array;
  /** A ciphertext of the key. */
  CiphertextBlob: Uint8Array;
  /** The policy that the key has; put again, it changes nothing. */
  Policy: string;
}

/** One call for each row; each leaves the key as it was. */
const rows: Readonly<Record<string, (kms: Kms, subject: Subject) => Promise<unknown>>> = {
  DescribeKey: (kms, { KeyId }) => kms.describeKey({ KeyId }),
  GetKeyPolicy: (kms, { KeyId }) => kms.getKeyPolicy({ KeyId }),
  PutKeyPolicy: (kms, { KeyId, Policy }) => kms.putKeyPolicy({ KeyId, Policy }),
  UpdateKeyDescription: (kms, { KeyId }) =>
    kms.updateKeyDescription({ KeyId, Description: 'kms-lab: who may do what' }),
  Encrypt: (kms, { KeyId, Plaintext }) => kms.encrypt({ KeyId, Plaintext }),
  Decrypt: (kms, { KeyId, CiphertextBlob }) => kms.decrypt({ KeyId, CiphertextBlob }),
  GenerateDataKeyWithoutPlaintext: (kms, { KeyId }) =>
    kms.generateDataKeyWithoutPlaintext({ KeyId, KeySpec: 'AES_256' }),
};

/** A column: who asks. */
export interface Caller {
  name: 'admin' | 'app' | 'you';
  /** Its ARN, as a key policy would name it. */
  principal: string;
  kms: Kms;
}

/** What came of each cell: "admin Encrypt" → "refused". */
export type Matrix = Readonly<Record<string, string>>;

const cell = (caller: Caller, action: string) => `${caller.name} ${action}`;

/** The two roles, and the run's own caller: whom IAM, and no policy of this lab, lets use the key. */
export async function become(
  roles: Roles,
  { assume, kms, place }: Pick<StepContext, 'assume' | 'kms' | 'place'>,
): Promise<Caller[]> {
  const [admin, app] = [await assume(roles.admin), await assume(roles.app)];
  return [
    { name: 'admin', principal: roles.admin, kms: admin.kms },
    { name: 'app', principal: roles.app, kms: app.kms },
    { name: 'you', principal: place.identity, kms },
  ];
}

/** Ask where only IAM can say yes; any other failure than a refusal is thrown. */
async function left(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'allowed by IAM';
  } catch (error) {
    if ((error as Error).name !== 'AccessDeniedException') throw error;
    return 'refused';
  }
}

/** Every cell under a policy that leaves all to IAM. */
export async function askIam(callers: readonly Caller[], subject: Subject): Promise<Matrix> {
  const matrix: Record<string, string> = {};
  for (const [action, call] of Object.entries(rows))
    for (const caller of callers) matrix[cell(caller, action)] = await left(call(caller.kms, subject));
  return matrix;
}

/**
 * Prove every cell under `subject.Policy`. What the key policy opens is allowed; what it opens to nobody is refused, whatever IAM
 * says; what it leaves to IAM is answered as it was when everything was left to IAM (`before`).
 */
export async function proveCells(
  verify: StepContext['verify'],
  callers: readonly Caller[],
  subject: Subject,
  before: Matrix,
): Promise<Matrix> {
  const matrix: Record<string, string> = {};
  for (const [action, call] of Object.entries(rows)) {
    for (const caller of callers) {
      const name = cell(caller, action);
      const ask = () => call(caller.kms, subject);
      const opener = openerOf(subject.Policy, caller.principal, action);
      if (opener === 'the key policy') {
        await verify.soon.allowed(`${caller.name} may ${action}`, ask);
        matrix[name] = 'allowed';
      } else if (opener === 'nobody') {
        await verify.soon.refused(`${caller.name} may not ${action}`, ask, 'AccessDeniedException');
        matrix[name] = 'refused';
      } else {
        const answer = await left(ask());
        verify.equal(`${action} by ${caller.name} is left to IAM, as before: ${before[name]}`, answer, before[name]);
        matrix[name] = answer;
      }
    }
  }
  return matrix;
}

/** The matrix for people: actions down, callers across; with a note's indent it fits 80 columns. */
export function table(matrix: Matrix): string[] {
  const row = (...cells: (string | undefined)[]) =>
    cells
      .map((cell = '', at) => cell.padEnd(at === 0 ? 22 : 16))
      .join('')
      .trimEnd();
  const cells = (action: string) => ['admin', 'app', 'you'].map((name) => matrix[`${name} ${action}`]);
  return [
    row('', 'admin role', 'app role', 'you'),
    ...Object.keys(rows).flatMap((action) => {
      const [head = '', ...more] = action.split(/(?=Without)/);
      return [row(head, ...cells(action)), ...more.map((rest) => `  ${rest}`)];
    }),
  ];
}
