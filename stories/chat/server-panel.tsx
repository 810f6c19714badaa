import { useState } from 'react'
import { demoServer } from '../network/demo-server'
import type { ControlVerb } from '../server/room-report'
import { useComponentCount } from './component-count'
import { useChatConnection } from './use-chat-connection'

const consequences: Record<ControlVerb, string> = {
  cut: 'Every socket was destroyed without a close frame, as if a cable had been pulled.',
  restart: 'The server closed with 1012 and is away for 4 seconds. What you write waits.',
  mute: 'The server hangs: the socket looks fine, until the heartbeat gets no answer.',
  unmute: 'The server answers again.',
}

/** What the server counts, and what can be done to it. */
export function ServerPanel({ url }: { readonly url: string }) {
  const [sockets, setSockets] = useState(0)
  const [isMuted, setIsMuted] = useState(false)
  const [consequence, setConsequence] = useState('')
  const components = useComponentCount()
  useChatConnection({
    onMessage: (message) => message.type === 'presence' && setSockets(message.sockets),
    onOpen: () => setIsMuted(false),
  })

  async function control(verb: ControlVerb): Promise<void> {
    try {
      const report = await demoServer.control(url, verb)
      setSockets(report.sockets)
      setIsMuted(report.isMuted)
      setConsequence(consequences[verb])
    } catch {
      setConsequence('The server cannot be reached.')
    }
  }

  return (
    <section className="chat-card chat-server" aria-label="Server">
      <dl className="chat-counts">
        <Count
          name={sockets === 1 ? 'socket at the server' : 'sockets at the server'}
          value={sockets}
        />
        <Count name={components === 1 ? 'component' : 'components'} value={components} />
      </dl>
      <div className="chat-controls" role="group" aria-label="Do something to the server">
        <Control name="Cut" hint="Destroy all sockets" onPress={() => control('cut')} />
        <Control name="Restart" hint="1012, away for 4 s" onPress={() => control('restart')} />
        {isMuted ? (
          <Control name="Unmute" hint="Answer again" onPress={() => control('unmute')} />
        ) : (
          <Control name="Mute" hint="Stay, say nothing" onPress={() => control('mute')} />
        )}
      </div>
      <p className="chat-consequence" role="status">
        {consequence}
      </p>
    </section>
  )
}

function Count({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

interface ControlProps {
  readonly name: string
  readonly hint: string
  readonly onPress: () => Promise<void>
}

function Control({ name, hint, onPress }: ControlProps) {
  return (
    <button type="button" onClick={() => void onPress()}>
      <strong>{name}</strong>
      <span>{hint}</span>
    </button>
  )
}
