import { readAuthority } from '../net/read-authority.ts';
import { parsePlatformUrl } from './platform/platform-address.ts';
import { PlatformTarget } from './platform/platform-target.ts';
import type { UploadTarget } from './upload-target.ts';

export interface TargetAddress {
  /** `https://user@host[:port]`; `http://` on loopback or with `allowInsecure`; never with a password. */
  readonly url: string;
  readonly password: string;
  /** Accept `http://` to another machine. Default false. */
  readonly allowInsecure?: boolean;
  /** PEM file of a private authority to trust besides the usual ones. */
  readonly caFile?: string;
  /** Longest silence of the server while it is waited for. Default 60,000. */
  readonly stallMs?: number;
}

const DEFAULT_STALL_MS = 60_000;

/** Makes the target that a URL names. Nothing connects yet. Errors: `option-invalid`. */
export const openTarget = (target: TargetAddress): UploadTarget =>
  new PlatformTarget({
    address: parsePlatformUrl(target.url, target.allowInsecure ?? false),
    password: target.password,
    ca: readAuthority(target.caFile),
    stallMs: target.stallMs ?? DEFAULT_STALL_MS,
  });
