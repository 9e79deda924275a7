// The kernel's tests under Node 24.
import { testOn } from './other-node.ts';

testOn('node-24');
