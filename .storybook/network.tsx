import type { Preview } from '@storybook/react-vite'
import { useLayoutEffect, type ReactNode } from 'react'
import { network } from '../stories/network/conditions'
import { createDemoWebSocket } from '../stories/network/demo-web-socket'
import { demoServer } from '../stories/network/demo-server'
import { underConditions } from '../stories/network/wire-under-conditions'
import { prefix } from '../stories/server/rooms'

/** Lets every socket of the demos, whoever opens it, run over the network that the toolbar sets. */
export function installDemoNetwork(): void {
  globalThis.WebSocket = createDemoWebSocket(
    ({ host, pathname }) => host === location.host && pathname.startsWith(`${prefix}/`),
    underConditions(demoServer.openWire),
  )
}

/** What the toolbar says about the network, all of it text. */
export interface NetworkGlobals {
  readonly latencyMs: string
  readonly jitterMs: string
  readonly lossPercent: string
  readonly link: string
  readonly closeCode: string
}

/** Makes the network as the toolbar says. */
export function Network({
  globals: { latencyMs, jitterMs, lossPercent, link, closeCode },
  updateGlobals,
  children,
}: {
  readonly globals: NetworkGlobals
  readonly updateGlobals: (change: Partial<NetworkGlobals>) => void
  readonly children: ReactNode
}) {
  useLayoutEffect(() => {
    network.set({
      latencyMs: Number(latencyMs),
      jitterMs: Number(jitterMs),
      lossPercent: Number(lossPercent),
      isOffline: link === 'offline',
      isMuted: link === 'muted',
    })
  }, [latencyMs, jitterMs, lossPercent, link])
  useLayoutEffect(() => {
    if (closeCode === initialNetwork.closeCode) return
    network.closeAll(Number(closeCode))
    // It is done once; the button goes back.
    updateGlobals({ closeCode: initialNetwork.closeCode })
  }, [closeCode, updateGlobals])
  return children
}

const milliseconds = ['0', '50', '200', '1000', '3000']

/** The buttons of the toolbar. */
export const networkToolbar: NonNullable<Preview['globalTypes']> = {
  latencyMs: choice('Latency of each frame', 'timer', 'Latency', 'ms', milliseconds),
  jitterMs: choice('Up to how much more, at random', 'graphline', 'Jitter', 'ms', milliseconds),
  lossPercent: choice('Frames that get lost', 'filter', 'Drop', '%', ['0', '1', '5', '20', '50']),
  link: {
    description: 'Whether there is a network',
    toolbar: {
      title: 'Network',
      icon: 'globe',
      dynamicTitle: true,
      items: [
        { value: 'online', title: 'Online' },
        { value: 'offline', title: 'Offline, and the browser knows' },
        { value: 'muted', title: 'Mute: open, but nothing comes through' },
      ],
    },
  },
  closeCode: {
    description: 'Ends every socket with this code, now',
    toolbar: {
      title: 'Close with …',
      icon: 'closeAlt',
      items: [
        { value: '1000', title: '1000 normal' },
        { value: '1001', title: '1001 going away' },
        { value: '1006', title: '1006 cut' },
        { value: '1011', title: '1011 internal error' },
        { value: '1012', title: '1012 restart' },
        { value: '1013', title: '1013 overloaded' },
        { value: '4401', title: '4401 token expired' },
        { value: '4403', title: '4403 forbidden' },
      ],
    },
  },
}

export const initialNetwork: NetworkGlobals = {
  latencyMs: '0',
  jitterMs: '0',
  lossPercent: '0',
  link: 'online',
  closeCode: 'none',
}

function choice(
  description: string,
  icon: 'timer' | 'graphline' | 'filter',
  name: string,
  unit: string,
  values: readonly string[],
) {
  return {
    description,
    toolbar: {
      title: name,
      icon,
      dynamicTitle: true,
      items: values.map((value) => ({ value, title: `${name} ${value} ${unit}` })),
    },
  }
}
