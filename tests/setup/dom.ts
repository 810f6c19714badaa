import '@testing-library/jest-dom/vitest'
import { cleanup } from '@testing-library/react'
import { afterEach, expect } from 'vitest'

// jest-websocket-mock adds its matchers to a global `expect` when it is imported.
Object.assign(globalThis, { expect, IS_REACT_ACT_ENVIRONMENT: true })

afterEach(cleanup)
