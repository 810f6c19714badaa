import { patience } from './plan'
import { pick, type ChaosHistory, type RecordOf } from './history'

const openState = 1

/** By so much may the clock of timers and that of the test differ. */
const clockSlackMs = 20

/** A heartbeat's, and that of the queue. */
const mostTimersWhileOpen = 2

/** The places where a list of numbers does not increase. */
function findDisorder(numbers: readonly number[], subject: string): string[] {
  return numbers.flatMap((number, index) => {
    const before = numbers[index - 1]
    if (before === undefined || before < number) return []
    return [`${subject}: ${number} after ${before}`]
  })
}

function groupBySocket(
  records: readonly { readonly socket: number; readonly value: number }[],
): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  for (const { socket, value } of records) {
    const group = groups.get(socket) ?? []
    groups.set(socket, group)
    group.push(value)
  }
  return groups
}

function isBeginning(part: readonly number[], whole: readonly number[]): boolean {
  return part.length <= whole.length && part.every((number, index) => number === whole[index])
}

/** Messages reach sockets once, in the order of sending, and only sockets that take them. */
function checkHanding(history: ChaosHistory): string[] {
  const handed = pick(history.records, 'handed')
  const numbers = handed.map(({ n }) => n)
  const tooEarlyOrLate = handed.filter(({ readyState }) => readyState !== openState)
  return [
    ...findDisorder(numbers, 'handed to sockets doubled or out of order'),
    ...tooEarlyOrLate.map(({ n, socket }) => `${n} was handed to socket ${socket}, not open`),
  ]
}

/** What `send` returned is what became of the message; nothing accepted gets lost on the way. */
function checkFates(history: ChaosHistory): string[] {
  const waiting = new Map<number, RecordOf<'offered'>>()
  const handedEarly = new Set<number>()
  const told = new Set<number>()
  const violations: string[] = []
  let droppedUnread = 0

  function takeIn(offered: RecordOf<'offered'>): void {
    const { n, outcome, replaceKey } = offered
    const wasHanded = handedEarly.delete(n)
    if ((outcome === 'sent') !== wasHanded) {
      violations.push(`${n} was ${wasHanded ? '' : 'not '}handed to a socket, told as ${outcome}`)
    }
    if (outcome !== 'queued') return
    for (const [other, { replaceKey: key }] of waiting) {
      if (key !== undefined && key === replaceKey) waiting.delete(other)
    }
    // The `drop` event of a message may come before its result.
    if (!told.has(n)) waiting.set(n, offered)
  }

  function giveUp({ n, reason }: RecordOf<'dropped'>): void {
    if (n === null) return void (droppedUnread += 1)
    if (told.has(n)) violations.push(`${n} was told as dropped twice`)
    const offered = waiting.get(n)
    if (offered && reason === 'expired' && (offered.ttlMs ?? Infinity) === Infinity) {
      const isFleeting = offered.whenClosed === 'drop'
      if (!isFleeting) violations.push(`${n} expired without a ttlMs`)
    }
    if (!offered && handedEarly.has(n)) violations.push(`${n} was dropped although it was handed`)
    told.add(n)
    waiting.delete(n)
  }

  for (const record of history.records) {
    if (record.type === 'offered') takeIn(record)
    if (record.type === 'dropped') giveUp(record)
    if (record.type === 'handed') {
      if (told.has(record.n)) violations.push(`${record.n} was handed after it had been dropped`)
      if (!waiting.delete(record.n)) handedEarly.add(record.n)
    }
  }
  // What was replaced or refused, and is handed all the same, has no offer to go with.
  for (const n of handedEarly) violations.push(`${n} was handed although it was given up`)
  if (waiting.size !== droppedUnread) {
    violations.push(
      `accepted, neither sent nor told as dropped: ${[...waiting.keys()].join()} (${droppedUnread} were dropped before they were encoded)`,
    )
  }
  return violations
}

/** The server gets, on each socket, what that socket was handed, up to where it was cut. */
function checkArrivals(history: ChaosHistory): string[] {
  const byNumber = (record: RecordOf<'handed' | 'arrived'>) => ({ ...record, value: record.n })
  const handed = groupBySocket(pick(history.records, 'handed').map(byNumber))
  const arrived = groupBySocket(pick(history.records, 'arrived').map(byNumber))
  const { newest } = history.end
  const violations = [...arrived].flatMap(([socket, numbers]) =>
    isBeginning(numbers, handed.get(socket) ?? [])
      ? []
      : [`socket ${socket} brought ${numbers.join()} for ${handed.get(socket)?.join()}`],
  )
  const all = [...arrived.values()].flat()
  if (new Set(all).size < all.length) violations.push('the server got a number twice')
  // Only a socket that is lost may take messages with it.
  if (arrived.get(newest)?.length !== handed.get(newest)?.length) {
    violations.push(`messages are missing on socket ${newest}, which was never lost`)
  }
  return violations
}

/** Listeners hear, of each socket, what the server sent on it from the first on; nothing twice. */
function checkTelling(history: ChaosHistory): string[] {
  const told = pick(history.records, 'told')
  const sockets = groupBySocket(told.map(({ socket, nth }) => ({ socket, value: nth })))
  const gaps = [...sockets].flatMap(([socket, numbers]) =>
    numbers.every((nth, index) => nth === index + 1)
      ? []
      : [`of socket ${socket} listeners heard ${numbers.join()}`],
  )
  const disorder = findDisorder(
    told.map(({ seq }) => seq),
    'told to listeners doubled or out of order',
  )
  return [...gaps, ...disorder]
}

/** Nothing that came on a socket is kept from listeners, unless this side ended the socket. */
function checkHearing(history: ChaosHistory): string[] {
  const came = new Map<number, number>()
  const told = new Map<number, number>()
  const opened = new Set<number>()
  const violations: string[] = []
  let current = 0

  function compare(socket: number): void {
    const missing = (came.get(socket) ?? 0) - (told.get(socket) ?? 0)
    if (missing) violations.push(`${missing} messages of socket ${socket} were not told`)
  }

  for (const record of history.records) {
    if (record.type === 'opened') {
      current = record.socket
      opened.add(current)
    } else if (record.type === 'came') {
      came.set(record.socket, (came.get(record.socket) ?? 0) + 1)
    } else if (record.type === 'told') {
      told.set(record.socket, (told.get(record.socket) ?? 0) + 1)
      if (record.socket !== current) {
        violations.push(`socket ${record.socket} was heard while ${current} was open`)
      }
    } else if (record.type === 'closed') {
      if (record.by !== 'client' && opened.has(record.socket)) compare(record.socket)
      current = 0
    }
  }
  compare(history.end.newest)
  return violations
}

/** A socket is given up for what happened to it, not for what happened to one before it. */
function checkGivingUp(history: ChaosHistory): string[] {
  return pick(history.records, 'closed').flatMap(({ socket, by, error, wasLive, ageMs }) => {
    if (by !== 'client' && wasLive) return [`socket ${socket} was told as ended by the ${by}`]
    const leastMs = error === 'heartbeat-timeout' ? patience.heartbeatMs : patience.connectMs
    const isHasty = error !== null && ageMs < leastMs - clockSlackMs
    return isHasty ? [`socket ${socket} was given up after ${ageMs} ms: ${error}`] : []
  })
}

/** In the end there is one live socket and nothing waits. */
function checkEnd({ end }: ChaosHistory): string[] {
  const violations: string[] = []
  if (!end.isLive) violations.push('no message got through both ways after all was healed')
  if (end.status !== 'open') violations.push(`it ended as ${end.status}`)
  if (end.queued) violations.push(`${end.queued} messages are still queued`)
  if (end.liveSockets !== 1) violations.push(`${end.liveSockets} sockets are live`)
  if (end.timersWhileOpen > mostTimersWhileOpen) {
    violations.push(`${end.timersWhileOpen} timers while open`)
  }
  if (end.watchersWhileOpen !== 1) {
    violations.push(`${end.watchersWhileOpen} watchers of the page while open`)
  }
  return violations
}

/** Nothing fails for good, is refused or thrown: the plan gives no reason for it. */
function checkReports(history: ChaosHistory): string[] {
  const expected = ['connect-timeout', 'handshake-failed', 'heartbeat-timeout']
  return [
    ...pick(history.records, 'uncaught').map(({ error }) => `uncaught: ${String(error)}`),
    ...pick(history.records, 'error event')
      .filter(({ code }) => !expected.includes(code))
      .map(({ code }) => `the error ${code}`),
    ...pick(history.records, 'status')
      .filter(({ status }) => status === 'failed')
      .map(() => 'it failed for good'),
  ]
}

const rules = [
  checkHanding,
  checkFates,
  checkArrivals,
  checkTelling,
  checkHearing,
  checkGivingUp,
  checkEnd,
  checkReports,
]

/** What in a history is against the contract of the connection; empty if nothing is. */
export function findViolations(history: ChaosHistory): string[] {
  return rules.flatMap((rule) => rule(history))
}
