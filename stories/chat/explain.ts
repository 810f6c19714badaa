import type { CloseInfo, ConnectionStatus, PauseReason, WirehookError } from 'wirehook'

const explanations: Record<ConnectionStatus, string> = {
  idle: 'Nobody uses the connection.',
  connecting: 'Opening the first socket.',
  open: 'All parts of this page share one socket.',
  reconnecting: 'What you send waits for the return.',
  closed: 'You hung up.',
  failed: 'It will not retry by itself.',
}

const pauseExplanations: Record<PauseReason, string> = {
  offline: 'Waiting for the network to come back.',
  hidden: 'Waiting until this page is visible again.',
}

const enders: Record<CloseInfo['by'], string> = {
  server: 'by the server',
  client: 'by this page',
  network: 'by the network',
}

export function explainStatus(
  status: ConnectionStatus,
  pausedBy: PauseReason | null,
  error: WirehookError | null,
): string {
  if (pausedBy) return pauseExplanations[pausedBy]
  return error ? `Gave up: ${nameOf(error)}.` : explanations[status]
}

/** One line about how a socket, or an attempt to get one, came to its end. */
export function explainClose({ openForMs, error, code, reason, by }: CloseInfo): string {
  const cause = error ? nameOf(error) : [code, reason].filter(Boolean).join(' ')
  if (openForMs === null) return `Attempt failed (${cause})`
  return error ? `Given up (${cause})` : `Ended ${enders[by]} (${cause})`
}

/** The messages of these errors are for developers; their codes are words. */
function nameOf({ code }: WirehookError): string {
  return code.replaceAll('-', ' ')
}
