import { weather } from '../../../labs/troubleshooting/weather.js';
import { Lab } from '../../../src/lab/define.js';
import type { Lie } from '../liar.js';
import { alone, type Case, inSimulation, refuse } from './case.js';

const late = 'KMS waits in vain for a system behind it';
const broken = 'something goes wrong inside KMS';
const retried = 'repaired: an SDK that may try twice does, and gets its answer';

const random = async () => ({ Plaintext: new Uint8Array(32) });

/** A KMS that never meets one of its troubles. */
const sparedOf = (trouble: string) => (): Lie => ({
  GenerateRandom: (kms, input) =>
    kms.generateRandom(input).catch(async (error) => {
      if (error.name === trouble) return await random();
      throw error;
    }),
});

/** Step 9.11 alone: of the steps before it, it needs no more than a key. */
export const badWeather = Lab.define('weather', alone).step('Bad weather', '', async ({ own, ...context }) => {
  await weather(context, (await own.newKey('weather-key')).KeyId);
});

/** A KMS that is asked too fast, is not well, or is about to rotate a key by itself. */
export const aboutWeather: Case[] = [
  inSimulation('knows no quota', () => ({ GenerateDataKeyWithoutPlaintext: async (_kms, { KeyId }) => ({ KeyId }) }), [
    'faster than the quota is too fast',
  ]),
  inSimulation('goes on refusing what came too fast once', () => {
    let throttled = false;
    return {
      GenerateDataKeyWithoutPlaintext: async (kms, input) => {
        if (throttled) return refuse('KMSInvalidStateException');
        return await kms.generateDataKeyWithoutPlaintext(input).catch((error) => {
          throttled = true;
          throw error;
        });
      },
    };
  }, ['repaired: a second later it is done']),
  inSimulation('never waits for what is behind it', sparedOf('DependencyTimeoutException'), [late, retried]),
  inSimulation('never fails within', sparedOf('KMSInternalException'), [broken, retried]),
  inSimulation('is well again at once', () => {
    let met = false;
    return {
      GenerateRandom: async (kms, input) => {
        if (met) return await random();
        met = true;
        return await kms.generateRandom(input);
      },
    };
  }, [retried, retried]),
  inSimulation(
    'rotates on demand whatever is due',
    () => ({ RotateKeyOnDemand: async (_kms, { KeyId }) => ({ KeyId }) }),
    ['a rotation on demand ten minutes before an automatic one'],
  ),
  inSimulation(
    'rotates nothing on demand that has a schedule',
    () => ({ RotateKeyOnDemand: async () => refuse('ConflictException') }),
    ['repaired: after that one it is done'],
  ),
];
