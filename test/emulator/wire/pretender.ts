import { createIdentities, type Identities } from '../../../src/emulator/authz/identities.js';
import { verify } from '../../../src/emulator/authz/sigv4.js';
import { Fault } from '../../../src/emulator/fault.js';
import type { Emulator, WireRequest } from '../../../src/emulator/wire/message.js';
import { parseInput } from '../../../src/emulator/wire/parse.js';
import { failed, ok, type Route, routeOf, serviceOf } from '../../../src/emulator/wire/protocol.js';

/** What the pretender saw of one request. */
export interface Seen {
  route: Route;
  input: Record<string, unknown>;
  region: string;
  arn: string;
}

/** The wire without a KMS behind it: verifies, routes, parses, then answers what the test says. */
export function pretender(
  reply: (seen: Seen) => object,
  now: () => Date = () => new Date(),
  identities: Identities = createIdentities(),
): Emulator & { requests: WireRequest[]; closed: number } {
  const requests: WireRequest[] = [];
  return {
    requests,
    closed: 0,
    async handle(request) {
      requests.push(request);
      const id = '6f9b1c2e-0000-4000-8000-000000000000';
      try {
        const route = routeOf(request);
        const { region, caller } = verify(request, identities.find, now());
        const input = route.service === 'kms' ? parseInput(route.operation, request.body) : {};
        return ok(reply({ route, input, region, arn: caller.arn }), id, route);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return failed(error, id, serviceOf(request));
      }
    },
    async close() {
      this.closed++;
    },
  };
}
