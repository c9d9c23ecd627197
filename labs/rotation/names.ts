/** What the alias of the lab's key is called. */
export const keyName = 'rotation-key';
/** Days; AWS KMS takes 90 to 2,560, and 365 when none is given (API reference, EnableKeyRotation). */
export const period = 180;
