import type { ControlVerb, RoomReport } from '../../.storybook/demo-server/chat-messages'

/** Each visit gets a room of its own, so that nobody else feels its controls. */
export function createRoomName(): string {
  return createId()
}

export function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function chatUrl(room: string): string {
  return `/__wirehook/chat/${room}`
}

export async function controlServer(room: string, verb: ControlVerb): Promise<RoomReport> {
  const response = await fetch(`/__wirehook/control/${room}/${verb}`, { method: 'POST' })
  if (!response.ok) throw new Error(`The chat server answered ${response.status} to "${verb}".`)
  return (await response.json()) as RoomReport
}
