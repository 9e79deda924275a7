// The kernel's tests under Node 22.
import { testOn } from './other-node.ts';

testOn('node-22');
