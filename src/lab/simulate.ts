import type { KMS } from '@aws-sdk/client-kms';
import type { CallRecord, Connection } from '../kms/connection.js';
import { type Levers, openSimulated } from '../kms/simulated.js';
import { NotOffered } from './offered.js';

/** A length of time; its parts add up. */
export interface Duration {
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
}

/** A throw-away copy of the world, as a step plays with it. */
export interface Simulation extends Omit<Levers, 'advance'> {
  /**
   * The SDK's own client at the copy, in the run's Region unless another is given. The client waits for nothing: what AWS
   * would answer first is what a step sees.
   * @param attempts how often the SDK itself tries when throttled or answered 5xx; 1 unless given.
   */
  kms(region?: string, options?: { attempts?: number }): KMS;
  /** Move the copy's clock on: rotations, deletions and expiries that are due by then happen. */
  advance(by: Duration): void;
}

/** The door to what only a simulation can do; steps that ask for it are offered under `--local` alone. */
export interface Simulator {
  /**
   * Play on a copy of the world as it is now, in memory; it is gone when `play` ends. What the copy's keys encrypted can't be
   * decrypted outside unless the keys were made outside.
   */
  world<Result>(play: (simulation: Simulation) => Promise<Result>): Promise<Result>;
}

export interface SimulatorOptions {
  connection: Connection;
  region: string;
  signal?: AbortSignal;
  onCall(call: CallRecord): void;
}

const milliseconds = ({ days = 0, hours = 0, minutes = 0, seconds = 0 }: Duration) =>
  (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;

/** Throws NotOffered where the target has no simulation. */
export function simulator({ connection, region, signal, onCall }: SimulatorOptions): Simulator {
  const { simulate } = connection;
  if (!simulate) throw new NotOffered('only the embedded KMS can be simulated');
  return {
    async world(play) {
      const world = simulate();
      try {
        const clients = await openSimulated({ world, onCall, ...(signal && { signal }) });
        try {
          const { config: _config, close: _close, ...levers } = world;
          return await play({
            ...levers,
            kms: (at = region, options = {}) => clients.in(at, options.attempts),
            advance: (by) => world.advance(milliseconds(by)),
          });
        } finally {
          clients.close();
        }
      } finally {
        await world.close();
      }
    },
  };
}
