/// <reference types="vite/client" />
import type { ReactNode } from 'react'
import './demo.css'

/** What every demo looks like: what it shows, what to try, and the demo itself. */
export function DemoPage({
  title,
  children,
  lead,
}: {
  readonly title: string
  readonly lead: ReactNode
  readonly children: ReactNode
}) {
  return (
    <main className="demo">
      <header>
        <h1>{title}</h1>
        <p>{lead}</p>
      </header>
      {children}
    </main>
  )
}

/** A part of the page with a name. */
export function DemoCard({
  title,
  children,
}: {
  readonly title: string
  readonly children: ReactNode
}) {
  return (
    <section className="demo-card" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** Numbers and words under their names. */
export function DemoFacts({ facts }: { readonly facts: Readonly<Record<string, ReactNode>> }) {
  return (
    <dl className="demo-facts">
      {Object.entries(facts).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
