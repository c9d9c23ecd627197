/**
 * What `import { Lab } from 'kms-lab'` gives: all that a lab of your own needs, and nothing of how it is run.
 * `kms-lab run ./my-lab.js` runs a file whose default export is a lab; `src/lab/define.ts` says how one is written.
 */
export { LabError } from './errors.js';
export type { Assumed } from './kms/clients.js';
export type { StepContext } from './lab/context.js';
export { Lab, type LabDeclared, type LabFacts, type Step, type StepRules } from './lab/define.js';
export type { Place } from './lab/events.js';
export type { Created, LabFiles } from './lab/files.js';
export type { Shown, Value } from './lab/judge.js';
export { NotOffered } from './lab/offered.js';
export { type LabOption, type LabOptions, type OptionValues, option } from './lab/options.js';
export type { Own, OwnKey } from './lab/own.js';
export type { Simulation, Simulator } from './lab/simulate.js';
export type { Tools } from './lab/tools.js';
export type { Until } from './lab/until.js';
export type { Soon, Verify } from './lab/verify.js';
