declare const process: { readonly env: { readonly NODE_ENV?: string } }

const warned = /* @__PURE__ */ new Set<string>()

/**
 * In development, prints a text once. Production builds leave it out; a text that takes some making
 * is left out with it if the call stands inside a check of its own.
 *
 * @param text empty for none
 */
export function warnInDevelopment(text: string): void {
  try {
    if (process.env.NODE_ENV !== 'production') {
      if (!text || warned.has(text)) return
      warned.add(text)
      console.warn(`[wirehook] ${text}`)
    }
  } catch {
    // A browser without a bundler has no process, and nobody who develops.
  }
}
