import { findPython } from '../../scripts/services.mjs'
import { describeChatServer } from './chat-server-contract'
import { startPythonServer } from './chat-server'
import { neededProgram } from './needed-program'

const python = neededProgram('Python with websockets', findPython())

describeChatServer({
  name: 'the Python server',
  isSkipped: python === undefined,
  start: (settings) => startPythonServer(python ?? '', settings),
  // What its library closes with by itself.
  endCode: 1001,
})
