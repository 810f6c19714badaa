declare const process: { readonly env: { readonly NODE_ENV?: string } }

const warned = /* @__PURE__ */ new Set<string>()

/**
 * In development, prints a text once. Production builds leave it out.
 *
 * @param text or what makes it, asked in development only; empty for none
 */
export function warnInDevelopment(text: string | (() => string)): void {
  try {
    if (process.env.NODE_ENV !== 'production') {
      const warning = typeof text === 'string' ? text : text()
      if (!warning || warned.has(warning)) return
      warned.add(warning)
      console.warn(`[wirehook] ${warning}`)
    }
  } catch {
    // A browser without a bundler has no process, and nobody who develops.
  }
}
