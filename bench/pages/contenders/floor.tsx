import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { boardOf } from '../board'
import { addToQuote, noQuote, type Contender, type Quote } from '../contender'
import { parse, type Message } from '../message'

type Listener = (message: Message) => void

/**
 * The least that can be written by hand: one bare socket for the page, and one `useSyncExternalStore`
 * for each component. It neither reconnects nor notices anything.
 */
interface Floor {
  readonly isOpen: () => boolean
  readonly getLatest: () => Message | undefined
  readonly send: (value: unknown) => void
  readonly onStatus: (listener: () => void) => () => void
  readonly onMessage: (listener: Listener) => () => void
  readonly onTopic: (topic: string, listener: Listener) => () => void
}

let floor: Floor

function openFloor(url: string): Floor & { close(): void } {
  const socket = new WebSocket(url)
  const statusListeners = new Set<() => void>()
  const listeners = new Set<Listener>()
  const byTopic = new Map<string, Set<Listener>>()
  const queue: string[] = []
  let latest: Message | undefined

  socket.onopen = () => {
    for (const text of queue.splice(0)) socket.send(text)
    for (const listener of statusListeners) listener()
  }
  socket.onmessage = ({ data }) => {
    latest = parse(data)
    for (const listener of listeners) listener(latest)
    for (const listener of byTopic.get(latest.topic) ?? []) listener(latest)
  }

  return {
    isOpen: () => socket.readyState === WebSocket.OPEN,
    getLatest: () => latest,
    send(value) {
      const text = JSON.stringify(value)
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
      else queue.push(text)
    },
    onStatus: (listener) => addTo(statusListeners, listener),
    onMessage: (listener) => addTo(listeners, listener),
    onTopic(topic, listener) {
      const ofTopic = byTopic.get(topic) ?? new Set()
      byTopic.set(topic, ofTopic)
      return addTo(ofTopic, listener)
    },
    close: () => socket.close(),
  }
}

function addTo<Value>(set: Set<Value>, value: Value): () => void {
  set.add(value)
  return () => void set.delete(value)
}

/** Something that grows with each message, for `useSyncExternalStore`. */
function foldOf<State>(
  listen: (listener: Listener) => () => void,
  add: (state: State, message: Message) => State,
  initial: State,
) {
  let state = initial
  return {
    get: () => state,
    subscribe: (onChange: () => void) =>
      listen((message) => {
        state = add(state, message)
        onChange()
      }),
  }
}

function useQuote(topic: string): Quote {
  const quote = useMemo(
    () => foldOf((listener) => floor.onTopic(topic, listener), addToQuote, noQuote),
    [topic],
  )
  return useSyncExternalStore(quote.subscribe, quote.get)
}

const noMessages: readonly Message[] = []

export const floorContender: Contender = {
  name: 'floor',
  Connection({ url, children }) {
    const [opened] = useState(() => {
      const newest = openFloor(url)
      floor = newest
      return newest
    })
    useEffect(() => () => opened.close(), [opened])
    return children
  },
  useStatus() {
    return { isOpen: useSyncExternalStore(floor.onStatus, floor.isOpen), send: floor.send }
  },
  useLatest: () => useSyncExternalStore(floor.onMessage, floor.getLatest),
  useListener(listener) {
    useEffect(() => floor.onMessage(listener), [listener])
  },
  useList() {
    const list = useMemo(
      () => foldOf(floor.onMessage, (all, message) => [...all, message], noMessages),
      [],
    )
    return useSyncExternalStore(list.subscribe, list.get)
  },
  Board: boardOf(useQuote),
}
