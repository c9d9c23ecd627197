/** What the key's alias is called; the tools `envelope encrypt` and `envelope decrypt` use the same key. */
export const keyName = 'envelope-key';
/** The encryption context of the lab's data keys. */
export const context = { project: 'masterclass', purpose: 'envelope' };
