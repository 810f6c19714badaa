// Vite's alias reaches only the files Vite transforms. This one reaches what Node loads by itself:
// Testing Library, and react-dom with its own import of react.
import Module from 'node:module'
import { toReact18 } from './to-react-18'

type Resolve = (request: string, ...rest: unknown[]) => string
const loader = Module as unknown as { _resolveFilename: Resolve }
const resolveFilename = loader._resolveFilename

loader._resolveFilename = (request, ...rest) =>
  resolveFilename.call(Module, request.replace(toReact18.find, toReact18.replacement), ...rest)
