import { useCallback, useEffect, useRef, useState } from 'react'

/**
 * A WebSocket hook as tutorials have it: every message is put into state as it comes, and all are kept.
 * Nothing is wrong with that at ten messages a second.
 */
export function useTutorialSocket<Message>(url: string, onMessage: (message: Message) => void) {
  const [messages, setMessages] = useState<readonly Message[]>([])
  const [isOpen, setOpen] = useState(false)
  const socketRef = useRef<WebSocket>(null)
  const onMessageRef = useRef(onMessage)

  useEffect(() => {
    onMessageRef.current = onMessage
  })

  useEffect(() => {
    const socket = new WebSocket(url)
    socketRef.current = socket
    socket.onopen = () => setOpen(true)
    socket.onclose = () => setOpen(false)
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as Message
      onMessageRef.current(message)
      setMessages((before) => [...before, message])
    }
    return () => {
      // Its end must not be taken for that of the next one.
      socket.onclose = null
      socket.close()
    }
  }, [url])

  const send = useCallback((message: object) => {
    socketRef.current?.send(JSON.stringify(message))
  }, [])

  return { messages, isOpen, send }
}
