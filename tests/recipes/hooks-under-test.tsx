import { useEffect, type ReactElement } from 'react'
import { useWebSocket as usePackage } from 'wirehook'
import { useWebSocket as useRecipe } from '../../docs/recipes/use-web-socket'

/** What both hooks give. */
export interface View {
  readonly status: string
  readonly lastMessage: unknown
  sendJSON(message: unknown): string
}

export interface DisplayProps {
  readonly url: string | null
  /** Gets what the hook gave, after each commit. */
  readonly onView?: (view: View) => void
}

function DisplayOfRecipe({ url, onView }: DisplayProps): ReactElement {
  const { status, lastMessage, sendJSON } = useRecipe(url)
  useEffect(() => onView?.({ status, lastMessage, sendJSON }))
  return <Shown status={status} lastMessage={lastMessage} />
}

/** The options are what the recipe does without being asked. */
const options = { heartbeat: {} }

function DisplayOfPackage({ url, onView }: DisplayProps): ReactElement {
  const { status, lastMessage, sendJSON } = usePackage(url, options)
  useEffect(() => onView?.({ status, lastMessage, sendJSON }))
  return <Shown status={status} lastMessage={lastMessage} />
}

function Shown({ status, lastMessage }: Pick<View, 'status' | 'lastMessage'>): ReactElement {
  return (
    <>
      <p data-testid="status">{status}</p>
      <p data-testid="message">{JSON.stringify(lastMessage)}</p>
    </>
  )
}

export { DisplayOfRecipe }

/** Whatever is said of both, is tested with both. */
export const hooksUnderTest = [
  { name: 'the recipe', Display: DisplayOfRecipe },
  { name: 'the package', Display: DisplayOfPackage },
]
