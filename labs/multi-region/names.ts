/** What the aliases of the primary and of its replica are called. */
export const keyName = 'mrk';
