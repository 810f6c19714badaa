import type { Service } from './client.js'

/** Closes a link as it is asked to: `{ type: 'close', code: 4403, reason: 'Members only' }`. */
export function createDoorService(): Service {
  return {
    onMessage(client, { type, code, reason }) {
      if (type === 'close') client.close(Number(code), String(reason))
      else client.close(1008, 'Unknown type')
    },
  }
}
