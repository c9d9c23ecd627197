import { everyLab } from './matrix.js';

everyLab('network');
