import type { Lab } from '../src/lab/define.js';
import audit from './audit/lab.js';
import envelope from './envelope/lab.js';
import multiRegion from './multi-region/lab.js';
import symmetric from './symmetric/lab.js';

/** The only list of labs, in teaching order. */
export const labs: readonly Lab[] = [symmetric, multiRegion, envelope, audit];
