/** What the alias of the key that encrypts is called. */
export const keyName = 'asymmetric-key';
