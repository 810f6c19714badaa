export { createConnection } from './core/create-connection'
export { getConnection } from './core/default-pool'
export { isWirehookError, WirehookError } from './core/errors'
export { byId, jsonRpc } from './core/request-conventions'
export { correlate } from './core/requests'

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
