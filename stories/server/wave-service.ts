import type { Client, Service } from './client.js'

/** Samples in a frame, each a 32-bit float from -1 to 1. */
const samplesPerFrame = 256

/**
 * Sends a wave as bytes. It is asked for in bytes, too: how many periods fit into a frame, how loud it
 * is in hundredths, and how many frames come in a second. The first one comes at once.
 */
export function createWaveService(): Service {
  const timers = new Map<Client, ReturnType<typeof setInterval>>()

  function stop(client: Client): void {
    clearInterval(timers.get(client))
    timers.delete(client)
  }

  return {
    onMessage: (client) => client.close(1003, 'Bytes only'),
    onBytes(client, [periods = 1, loudness = 50, perSecond = 0]) {
      let frame = 0
      const send = (): void => {
        client.send(toBytes(createWave(periods, loudness / 100, frame / 20)))
        frame += 1
      }
      stop(client)
      send()
      if (perSecond > 0) timers.set(client, setInterval(send, 1000 / Math.min(perSecond, 60)))
    },
    onLeave: stop,
    close: () => timers.forEach((timer) => clearInterval(timer)),
  }
}

function createWave(periods: number, loudness: number, shift: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: samplesPerFrame }, (_, index) => {
    const turn = 2 * Math.PI * ((periods * index) / samplesPerFrame + shift)
    return loudness * Math.sin(turn)
  })
}

function toBytes(samples: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(samples.buffer)
}
