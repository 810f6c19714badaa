import type { LogLevel, LogLine } from '../../docs/recipes/log-tail.js'
import type { Audience, Service } from './client.js'
import { readNumber } from './message-fields.js'

const ticksPerSecond = 20
const maxPerSecond = 2000
const maxBurst = 10_000

/** A program that writes its log: `{ type: 'rate', perSecond }` of lines, or a `burst` of them at once. */
export function createLogTailService({ tellAll }: Audience): Service {
  let timer: ReturnType<typeof setInterval> | undefined
  let count = 0

  function write(lines: number): void {
    for (let line = 0; line < lines; line += 1) {
      count += 1
      tellAll(composeLine(count))
    }
  }

  function setRate(perSecond: number): void {
    clearInterval(timer)
    if (perSecond <= 0) return
    const perTick = Math.min(perSecond, maxPerSecond) / ticksPerSecond
    let due = 0
    timer = setInterval(() => {
      due += perTick
      write(Math.floor(due))
      due %= 1
    }, 1000 / ticksPerSecond)
  }

  return {
    onMessage(client, message) {
      const perSecond = readNumber(message, 'perSecond')
      const lines = readNumber(message, 'lines')
      if (message.type === 'rate' && perSecond !== null) setRate(perSecond)
      else if (message.type === 'burst' && lines !== null) write(Math.min(lines, maxBurst))
      else client.close(1008, 'Not a message about the log')
    },
    close: () => clearInterval(timer),
  }
}

const paths = ['/api/orders', '/api/orders/81', '/login', '/api/prices?symbol=ACME', '/health']

/** Every 17th line is a warning and every 53rd an error, so that there is something to look for. */
function composeLine(number: number): LogLine {
  const level = levelOf(number)
  const path = paths[number % paths.length]
  const texts: Record<LogLevel, string> = {
    info: `GET ${path} 200 in ${(number * 7) % 90} ms`,
    warn: `GET ${path} 200 in ${1000 + ((number * 7) % 900)} ms, slower than 1000 ms`,
    error: `GET ${path} 500 connection to the database refused`,
  }
  return { type: 'line', number, at: Date.now(), level, text: texts[level] }
}

function levelOf(number: number): LogLevel {
  if (number % 53 === 0) return 'error'
  return number % 17 === 0 ? 'warn' : 'info'
}
