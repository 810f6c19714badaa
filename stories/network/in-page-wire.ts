import type { Frame, Link, Visitor } from '../server/client'
import type { Seat } from '../server/room'
import type { Rooms } from '../server/rooms'
import type { OpenWire } from './wire'

/** A server inside of the page, for a Storybook that is only files. Frames take a turn of the event loop. */
export function createInPageWire(rooms: Rooms): OpenWire {
  return (url, _protocols, events) => {
    const room = rooms.open(url.pathname)
    const unread: Frame[] = []
    let state: 'opening' | 'open' | 'over' = 'opening'
    let isPaused = false
    let seat: Seat | undefined

    function end(code: number, reason: string, wasClean: boolean): void {
      if (state === 'over') return
      state = 'over'
      later(() => {
        room?.forget(visitor)
        seat?.leave()
        events.onClose(code, reason, wasClean)
      })
    }

    const link: Link = {
      get isOpen() {
        return state === 'open'
      },
      send: (frame) => later(() => state === 'open' && events.onFrame(frame)),
      close: (code, reason) => end(code, reason, true),
      cut: () => end(1006, '', false),
      pause() {
        isPaused = true
      },
      resume() {
        isPaused = false
        for (const frame of unread.splice(0)) seat?.hear(frame)
      },
    }

    const visitor: Visitor = {
      params: url.searchParams,
      enter() {
        if (state !== 'opening') return
        state = 'open'
        events.onOpen('')
        seat = room?.join(link, url.searchParams)
      },
      refuse: () => end(1006, '', false),
    }

    later(() => (room ? room.receive(visitor) : visitor.refuse()))
    return {
      bufferedAmount: 0,
      send(frame) {
        later(() => {
          if (isPaused) unread.push(frame)
          else if (state === 'open') seat?.hear(frame)
        })
      },
      close: (code = 1005, reason = '') => end(code, reason, true),
    }
  }
}

function later(work: () => void): void {
  setTimeout(work)
}
