import { problems } from './recorded-problems'
import * as codecs from 'wirehook/codecs'
import * as core from 'wirehook/core'

declare global {
  interface Window {
    /** The entries without React, for a test to use from outside. */
    entries: { readonly codecs: typeof codecs; readonly core: typeof core }
  }
}

window.entries = { codecs, core }
window.problems = problems
