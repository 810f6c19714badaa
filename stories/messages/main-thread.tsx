import { useEffect, useId, useRef } from 'react'
import { DemoCard } from '../demo/demo-page'
import type { Meter } from './meter'

/** Shows whether the page still has time for its visitor: something that moves, and a field to type in. */
export function MainThread({ meter }: { readonly meter: Meter }) {
  const ball = useRef<HTMLDivElement>(null)
  const fieldId = useId()

  useEffect(() => {
    const { matches: isStill } = matchMedia('(prefers-reduced-motion: reduce)')
    let lastAt = performance.now()
    let frame = requestAnimationFrame(draw)

    // By hand and not by CSS, which would go on smoothly however busy the page is.
    function draw(now: number): void {
      meter.takeFrame(now - lastAt)
      lastAt = now
      const share = (1 - Math.cos(now / 500)) / 2
      if (ball.current && !isStill) ball.current.style.left = `calc(${share} * (100% - 24px))`
      frame = requestAnimationFrame(draw)
    }

    return () => cancelAnimationFrame(frame)
  }, [meter])

  return (
    <DemoCard title="How it feels">
      <div className="track" aria-hidden="true">
        <div ref={ball} />
      </div>
      <label htmlFor={fieldId}>Type while messages come in</label>
      <textarea
        id={fieldId}
        className="field"
        rows={6}
        autoComplete="off"
        placeholder="Does every letter appear at once?"
      />
    </DemoCard>
  )
}
