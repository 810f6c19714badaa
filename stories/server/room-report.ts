/** What can be done to the server of a room, to see how its clients take it. */
export type ControlVerb = 'cut' | 'restart' | 'mute' | 'unmute'

/** What the server answers to a control. */
export interface RoomReport {
  readonly sockets: number
  readonly isMuted: boolean
}
