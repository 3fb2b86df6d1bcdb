import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
