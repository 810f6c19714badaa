import type { Frame } from '../server/client'
import { network } from './conditions'
import type { OpenWire, Wire } from './wire'

/** A wire that is as slow, lossy or silent as the network is said to be. */
export function underConditions(open: OpenWire): OpenWire {
  return (url, protocols, events) => {
    const there = createDelayLine()
    const back = createDelayLine()
    let isOver = false

    function finish(code: number, reason: string, wasClean: boolean): void {
      if (isOver) return
      isOver = true
      forget()
      events.onClose(code, reason, wasClean)
    }

    const forget = network.onCloseAll((code) => {
      // Nobody sends 1006: it is what a browser tells where nothing was sent.
      if (code === 1006) finish(code, '', false)
      else finish(code, 'As chosen in the toolbar', true)
      wire?.close(1000, '')
    })

    if (network.get().isOffline) {
      setTimeout(() => finish(1006, '', false))
      return { bufferedAmount: 0, send() {}, close: () => finish(1006, '', false) }
    }

    const wire: Wire = open(url, protocols, {
      onOpen: (protocol) => back.put(() => isOver || events.onOpen(protocol)),
      onFrame: (frame) => back.putFrame(() => isOver || events.onFrame(frame)),
      onClose: (code, reason, wasClean) => back.put(() => finish(code, reason, wasClean)),
    })
    return {
      get bufferedAmount() {
        return wire.bufferedAmount
      },
      send: (frame: Frame) => there.putFrame(() => wire.send(frame)),
      close: (code, reason) => there.put(() => wire.close(code, reason)),
    }
  }
}

/** Lets things happen later, in order. What is on its way while the network is silent never arrives. */
function createDelayLine() {
  const underWay: (() => void)[] = []
  let lastAt = 0

  function put(arrive: () => void): void {
    if (isSilent()) return
    const { latencyMs, jitterMs } = network.get()
    const now = performance.now()
    lastAt = Math.max(lastAt, now + latencyMs + Math.random() * jitterMs)
    if (lastAt === now) return arrive()
    underWay.push(arrive)
    // Timers may be out of order by a fraction; what they let through is not.
    setTimeout(() => {
      const next = underWay.shift()
      if (!isSilent()) next?.()
    }, lastAt - now)
  }

  return {
    put,
    putFrame(arrive: () => void): void {
      if (Math.random() * 100 >= network.get().lossPercent) put(arrive)
    },
  }
}

function isSilent(): boolean {
  const { isMuted, isOffline } = network.get()
  return isMuted || isOffline
}
