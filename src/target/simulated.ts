import type { LocalEmulator } from '../emulator/emulator.js';
import type { Emulator } from '../emulator/wire/message.js';
import type { Connection } from '../kms/connection.js';
import type { SimulatedWorld } from '../kms/simulated.js';

/** A copy of an emulator's world with everything that can be done to it. `connect` says how a client reaches an emulator. */
export function simulatedWorld(
  emulator: LocalEmulator,
  connect: (emulator: Emulator) => Connection['config'],
): SimulatedWorld {
  const copy = emulator.copy();
  const { conditions } = copy;
  return {
    config: connect(copy),
    advance: (ms) => copy.advance(ms),
    outage: (region) => conditions.outage(region),
    quotas: (values) => conditions.quotas(values),
    latency: (ms) => {
      conditions.latency = ms;
    },
    eventualConsistency: (ms) => copy.eventualConsistency(ms),
    fault: (operation, fault) => conditions.fault(operation, fault),
    close: () => copy.close(),
  };
}
