export { createConnection } from './core/create-connection'
export { getConnection } from './core/default-pool'
export { isWirehookError, WirehookError } from './core/errors'
export { byId, jsonRpc } from './core/request-conventions'
export { correlate } from './core/requests'
export { useLatestMessage } from './react/use-latest-message'
export { useMessage } from './react/use-message'
export { useMessageReducer } from './react/use-message-reducer'
export { useMessages } from './react/use-messages'
export { useRequest } from './react/use-request'
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
  FilteredMessage,
  FrameData,
  MessageFilter,
  MessageOf,
  OpenInfo,
  PauseReason,
  RenderPlan,
  RequestOptions,
  Schedule,
  SendOptions,
  SendResult,
  Topic,
  Undo,
} from './core/connection'
export type {
  AttemptContext,
  ConnectionOptions,
  HandshakeContext,
  HeartbeatOptions,
  InferredOptions,
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
export type { ByIdOptions } from './core/request-conventions'
export type { RequestConvention, RequestSupport } from './core/requests'
export type {
  MessageSchema,
  SchemaInput,
  SchemaIssue,
  SchemaOutput,
  StandardSchema,
} from './core/schema'
export type { ReaderOptions } from './react/reader'
export type { LatestMessageOptions } from './react/use-latest-message'
export type { UseMessageOptions } from './react/use-message'
export type { MessageReducerOptions } from './react/use-message-reducer'
export type { MessagesOptions } from './react/use-messages'
export type { RequestState, UseRequestOptions, UseRequestResult } from './react/use-request'
export type { MessageSource } from './react/use-source'
export type { UseWebSocketOptions, WebSocketView } from './react/use-web-socket'
export type { WebSocketProviderProps } from './react/web-socket-provider'
