import { everyLab } from './matrix.js';

everyLab('endings');
