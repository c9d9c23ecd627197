import symmetric from '../../labs/symmetric/lab.js';
import { aboutContexts } from './lies/context.js';
import { aboutPlaintexts } from './lies/decrypt.js';
import { aboutCiphertexts } from './lies/encrypt.js';
import { aboutKeys } from './lies/metadata.js';
import { describeLies } from './lies/noticed.js';

describeLies(symmetric, [...aboutContexts, ...aboutCiphertexts, ...aboutPlaintexts, ...aboutKeys]);
