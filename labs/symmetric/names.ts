/** What the alias of the lab's key is called. */
export const keyName = 'symmetric-key';
/** The encryption context of step 1.5, and the one that step 1.8 moves the ciphertext to. */
export const context = { department: 'finance', purpose: 'lab' };
export const moved = { department: 'archive', purpose: 'lab' };
