/** What the alias of the lab's key is called. */
export const keyName = 'troubleshooting-key';
/** The encryption context of the order that step 9.3 encrypts once more. */
export const order = { order: '20931' };
