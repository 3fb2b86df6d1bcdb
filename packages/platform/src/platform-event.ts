import type { Route } from './store/access-log.ts';

/** Why the platform ended a connection, or never served it. */
export type ConnectionEnd =
  | 'too-many-connections'
  | 'log-in-too-slow'
  | 'idle'
  | 'line-too-long'
  | 'tls-handshake-failed'
  /** SMTP: a line too long, too many commands, or silence. */
  | 'limit-passed'
  /** The client broke a message off that it was sending. */
  | 'message-cut-off';

/** Something that an operator may want to see. Holds no secret and no content of a message. */
export type PlatformEvent =
  /** A log-in, granted (`result` is `ok`) or refused with that code. */
  | { readonly kind: 'log-in'; readonly route: Route; readonly user: string; readonly address: string; readonly result: string }
  /** A client went beyond a limit, or broke the protocol, and its connection was ended or never served. */
  | { readonly kind: 'connection-ended'; readonly route: Route; readonly address: string; readonly reason: ConnectionEnd };

/** Takes events as they happen; must not throw. */
export type EventListener = (event: PlatformEvent) => void;
