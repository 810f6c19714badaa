/** Draws samples from -1 to 1 as a line, in the colour of the canvas and as sharp as the screen is. */
export function drawWave(canvas: HTMLCanvasElement, samples: Float32Array): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const { clientWidth, clientHeight } = canvas
  canvas.width = clientWidth * devicePixelRatio
  canvas.height = clientHeight * devicePixelRatio
  context.scale(devicePixelRatio, devicePixelRatio)
  context.strokeStyle = getComputedStyle(canvas).color
  context.lineWidth = 2
  context.beginPath()
  samples.forEach((sample, index) => {
    const x = (index / (samples.length - 1)) * clientWidth
    const y = (1 - sample * 0.9) * (clientHeight / 2)
    context.lineTo(x, y)
  })
  context.stroke()
}
