import type { Service } from './client.js'

/**
 * Says everything back, as `{ type: 'echo', … }`. With `?closeWith=4403` it ends every link as soon as
 * it is open, with that code.
 */
export function createEchoService(): Service {
  return {
    onJoin(client) {
      const code = Number(client.params.get('closeWith'))
      if (code) client.close(code, 'As asked for')
    },
    onMessage: (client, message) => client.tell({ ...message, type: 'echo', of: message.type }),
    onBytes: (client, bytes) => client.send(bytes),
  }
}
