interface Document {
  Statement: { Sid?: string }[];
}

/**
 * No decryption without the right encryption context. It denies that and nothing else, to everybody alike: whoever administers
 * the key still does, so that no run can leave a key behind that nobody can remove.
 */
const needsContext = {
  Sid: 'DecryptOnlyForTheLesson',
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:Decrypt',
  Resource: '*',
  Condition: { StringNotEquals: { 'kms:EncryptionContext:lesson': 'troubleshooting' } },
};

const text = (document: unknown) => JSON.stringify(document, undefined, 2);

const withStatement = (policy: string, statement: object) => {
  const document = JSON.parse(policy) as Document;
  return { ...document, Statement: [...document.Statement, statement] };
};

/** The encryption context that `contextPolicy` asks for. */
export const lesson = { lesson: 'troubleshooting' };

/** `policy`, and nobody decrypts without the encryption context. */
export const contextPolicy = (policy: string): string => text(withStatement(policy, needsContext));

/** Whether a policy, as GetKeyPolicy gives it, denies decryption without the context. */
export const asksForContext = (policy = '{"Statement":[]}'): boolean =>
  (JSON.parse(policy) as Document).Statement.some(({ Sid }) => Sid === needsContext.Sid);

/** `account` may decrypt for some tenants; `tenants` are all values of the context that are allowed. */
function tenantsPolicy(policy: string, account: string, operator: string, tenants: string | string[]) {
  return withStatement(policy, {
    Sid: 'DecryptForTenants',
    Effect: 'Allow',
    Principal: { AWS: account },
    Action: 'kms:Decrypt',
    Resource: '*',
    Condition: { [operator]: { 'kms:EncryptionContext:tenant': tenants } },
  });
}

/** A policy of more than 33 KB without a needless space, as policies become that name every tenant. AWS takes 32 KB. */
export function longPolicy(policy: string, account: string): string {
  const tenants = Array.from({ length: 2150 }, (_, at) => `tenant-${String(at).padStart(6, '0')}`);
  return JSON.stringify(tenantsPolicy(policy, account, 'StringEquals', tenants));
}

/** The same by hand: `node -e SCRIPT policy.json ACCOUNT`. */
export const longScript = `
const [file, AWS] = process.argv.slice(1);
const policy = JSON.parse(require(\`node:fs\`).readFileSync(file));
const tenants = Array.from({ length: 2150 }, (_, at) => \`tenant-\` + String(at).padStart(6, 0));
const Condition = { StringEquals: { [\`kms:EncryptionContext:tenant\`]: tenants } };
const rest = { Effect: \`Allow\`, Action: \`kms:Decrypt\`, Resource: \`*\`, Principal: { AWS }, Condition };
policy.Statement.push({ Sid: \`DecryptForTenants\`, ...rest });
process.stdout.write(JSON.stringify(policy))`;

/** The same in one pattern. */
export const shortPolicy = (policy: string, account: string): string =>
  text(tenantsPolicy(policy, account, 'StringLike', 'tenant-*'));

/** Texts that are no policy, and what is wrong with each. Every one keeps what the account may do, should KMS take it. */
export function malformedPolicies(policy: string): { flaw: string; file: string; text: string }[] {
  const statement = (changes: object) => text(withStatement(policy, { ...needsContext, ...changes }));
  return [
    { flaw: 'a policy that ends too early', file: 'policy-cut-off.json', text: policy.trimEnd().slice(0, -1) },
    {
      flaw: 'a statement without a principal',
      file: 'policy-without-principal.json',
      text: statement({ Principal: undefined }),
    },
    { flaw: 'an effect that is none', file: 'policy-wrong-effect.json', text: statement({ Effect: 'Forbid' }) },
  ];
}
