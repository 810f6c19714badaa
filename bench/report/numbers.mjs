/**
 * Three digits are more than such measurements know.
 *
 * @param {number} value
 */
export function formatNumber(value) {
  if (!Number.isFinite(value)) return '–'
  const digits =
    Math.abs(value) >= 100 || value === 0 ? 0 : 2 - Math.floor(Math.log10(Math.abs(value)))
  return value.toLocaleString('en', {
    maximumFractionDigits: Math.min(3, Math.max(0, digits)),
  })
}

/** @param {number} value */
export function formatRatio(value) {
  return Number.isFinite(value) ? `${value.toFixed(2)}×` : '–'
}
