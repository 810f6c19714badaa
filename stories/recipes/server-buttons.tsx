import { useState, type ReactNode } from 'react'
import { demoServer } from '../network/demo-server'
import type { ControlVerb } from '../server/room-report'

const consequences: Record<ControlVerb, string> = {
  cut: 'Every link was cut, without a word.',
  restart: 'The server is away for 4 seconds.',
  mute: 'The server hangs: links look fine, and nothing comes through.',
  unmute: 'The server answers again.',
}

/** What can be done to the server of a recipe, to see how the recipe takes it; `children` are more of it. */
export function ServerButtons({
  url,
  children,
}: {
  readonly url: string
  readonly children?: ReactNode
}) {
  const [isMuted, setMuted] = useState(false)
  const [consequence, setConsequence] = useState('')

  async function perform(verb: ControlVerb): Promise<void> {
    try {
      const report = await demoServer.control(url, verb)
      setMuted(report.isMuted)
      setConsequence(consequences[verb])
    } catch {
      setConsequence('The server cannot be reached.')
    }
  }

  return (
    <div className="demo-row" role="group" aria-label="The server">
      <span className="demo-quiet">Server</span>
      <button type="button" onClick={() => void perform('cut')}>
        Cut
      </button>
      <button type="button" onClick={() => void perform('restart')}>
        Restart
      </button>
      <button type="button" onClick={() => void perform(isMuted ? 'unmute' : 'mute')}>
        {isMuted ? 'Unmute' : 'Mute'}
      </button>
      {children}
      <span className="demo-quiet" role="status">
        {consequence}
      </span>
    </div>
  )
}
