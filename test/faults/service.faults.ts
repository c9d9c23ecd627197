import { everyLab } from './matrix.js';

everyLab('service');
