import { documentRead } from './document-read.js';
import { signVerify } from './sign-verify.js';
import { sipDecode } from './sip-decode.js';
import type { Suite } from './suite.js';

export const SUITES: readonly Suite[] = [sipDecode, documentRead, signVerify];
