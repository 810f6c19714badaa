import { render } from '@testing-library/react'
import { expect, it } from 'vitest'
import { createPriceConnection, PriceTicker } from '../../docs/recipes/price-ticker'
import { createActedEnvironment, nextUrl } from '../react/acted-environment'

it('a ticker asks a link once for its symbols, also if their list is made anew on every render', async () => {
  const environment = createActedEnvironment()
  const prices = createPriceConnection(nextUrl(), { environment })
  const show = (...symbols: string[]) => <PriceTicker connection={prices} symbols={symbols} />
  const { rerender } = render(show('ACME', 'WAYNE'))
  await environment.advance(0)
  const socket = environment.newestSocket()
  await socket.open()
  rerender(show('ACME', 'WAYNE'))
  const asked = { type: 'watch', symbols: ['ACME', 'WAYNE'] }
  expect(socket.sentJSON()).toEqual([asked])

  rerender(show('ACME'))
  expect(socket.sentJSON()).toEqual([asked, { type: 'watch', symbols: ['ACME'] }])
})
