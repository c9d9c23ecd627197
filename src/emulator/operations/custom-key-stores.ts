import type {
  ConnectCustomKeyStoreRequest,
  CreateCustomKeyStoreRequest,
  DescribeCustomKeyStoresRequest,
  DescribeCustomKeyStoresResponse,
} from '@aws-sdk/client-kms';
import { customKeyStoreNotFound } from '../custom-key-store.js';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { pageOf } from '../world/paging.js';

/** There is no custom key store, and none can be made: it needs a CloudHSM cluster or an external key manager. */
export const createCustomKeyStore: Operation<CreateCustomKeyStoreRequest, object> = {
  changes: true,
  do() {
    throw new Fault('UnsupportedOperationException', 'The embedded AWS does not support custom key stores.');
  },
};

/** Connect, disconnect, update and delete: each names a store, and there is none. */
export const onCustomKeyStore: Operation<ConnectCustomKeyStoreRequest, object> = {
  changes: true,
  do({ request }) {
    throw customKeyStoreNotFound(request.CustomKeyStoreId);
  },
};

export const describeCustomKeyStores: Operation<DescribeCustomKeyStoresRequest, DescribeCustomKeyStoresResponse> = {
  changes: false,
  do({ request }) {
    if (request.CustomKeyStoreId !== undefined) throw customKeyStoreNotFound(request.CustomKeyStoreId);
    if (request.CustomKeyStoreName !== undefined) {
      const message = `Custom key store name ${request.CustomKeyStoreName} is not found.`;
      throw new Fault('CustomKeyStoreNotFoundException', message);
    }
    const { reply } = pageOf<string>(request, 'custom-key-stores', { max: 1000, usual: 100 }, () => [], String);
    return { CustomKeyStores: [], ...reply };
  },
};
