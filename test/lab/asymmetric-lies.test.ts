import asymmetric from '../../labs/asymmetric/lab.js';
import { aboutRsa } from './lies/asymmetric/encryption.js';
import { aboutSignatures } from './lies/asymmetric/signatures.js';
import { describeLies } from './lies/noticed.js';

describeLies(asymmetric, [...aboutRsa, ...aboutSignatures], { keys: 'kept' });
