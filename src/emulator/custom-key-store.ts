import { Fault } from './fault.js';

/** There are no custom key stores here, so whichever a request names is not found. */
export function customKeyStoreNotFound(id: string): Fault {
  return new Fault('CustomKeyStoreNotFoundException', `Custom key store ID ${id} is not found.`);
}
