import { isAnswer } from './judge.js';

/** The exception with which a service answers a call; what is no answer of a service is thrown. */
export async function exceptionOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'the call succeeded';
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return (error as Error).name;
  }
}
