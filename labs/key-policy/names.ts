/** What the aliases of the lab's keys are called: the first's policy is read and replaced, the second's has conditions. */
export const keyName = 'key-policy';
export const conditionalName = 'key-policy-conditions';
/** The encryption context that the second policy asks for. */
export const finance = { department: 'finance' };
