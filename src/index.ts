export { createConnection } from './core/create-connection'
export { getConnection } from './core/default-pool'
export { isWirehookError, WirehookError } from './core/errors'
export { useWebSocket } from './react/use-web-socket'
export { WebSocketProvider } from './react/web-socket-provider'

export type { Codec } from './core/codec'
export type {
  CloseInfo,
  Connection,
  ConnectionEvents,
  ConnectionSnapshot,
  ConnectionStatus,
  DroppedMessage,
  FrameData,
  OpenInfo,
  PauseReason,
  SendOptions,
  SendResult,
  Undo,
} from './core/connection'
export type {
  AttemptContext,
  ConnectionOptions,
  HandshakeContext,
  HeartbeatOptions,
  InvalidMessage,
  Logger,
  PacingOptions,
  PerAttempt,
  QueueOptions,
  ReconnectOptions,
  UrlParams,
} from './core/connection-options'
export type { Environment, PageEvent, SocketLike } from './core/environment'
export type { WirehookErrorCode } from './core/errors'
export type { UseWebSocketOptions, WebSocketView } from './react/use-web-socket'
export type { WebSocketProviderProps } from './react/web-socket-provider'
