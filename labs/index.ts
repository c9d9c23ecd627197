import type { Lab } from '../src/lab/define.js';
import asymmetric from './asymmetric/lab.js';
import audit from './audit/lab.js';
import envelope from './envelope/lab.js';
import grants from './grants/lab.js';
import keyPolicy from './key-policy/lab.js';
import multiRegion from './multi-region/lab.js';
import rotation from './rotation/lab.js';
import symmetric from './symmetric/lab.js';
import troubleshooting from './troubleshooting/lab.js';

/** The only list of labs, in teaching order. */
export const labs: readonly Lab[] = [
  symmetric,
  asymmetric,
  rotation,
  multiRegion,
  envelope,
  keyPolicy,
  grants,
  audit,
  troubleshooting,
];
