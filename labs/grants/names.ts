/** What the alias of the lab's key is called. */
export const keyName = 'grants';
/** The grant that is retired, and the one that is revoked. */
export const retired = 'kms-lab-finance';
export const revoked = 'kms-lab-exactly-finance';
/** What the grants open, and nothing else. */
export const Operations = ['Encrypt', 'Decrypt'] as const;
/** The encryption context that they are bound to. */
export const finance = { department: 'finance' };
